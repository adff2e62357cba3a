#pragma once

#include <algorithm>

#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "support/catch.hpp"
#include "support/golden_trajectories.hpp"

/// Checks what every system must show: names and boxes in order, the golden rates and trajectories, and that the energy stays
/// unless the system has none or loses it.
template <class S, bool keeps_energy = metriplex::HasSystemEnergy<S>>
void check_system(int steps_per_sample = 11) {
  using namespace metriplex;
  INFO(S::name);
  STATIC_REQUIRE(System<S>);
  STATIC_REQUIRE(S::state_names.size() == S::dim);
  STATIC_REQUIRE(S::parameter_names.size() == S::parameters);
  STATIC_REQUIRE(VectorField<decltype(exact_field<S>({}))>);
  for (std::size_t i = 0; i < S::parameters; ++i) CHECK(S::parameter_box.lo[i] < S::parameter_box.hi[i]);
  for (std::size_t i = 0; i < S::dim; ++i) CHECK(S::initial_box.lo[i] < S::initial_box.hi[i]);

  const auto all = golden_trajectories(S::name);
  REQUIRE(all.size() == 3);
  for (const GoldenTrajectory& golden : all) {
    const auto field = exact_field<S>(golden.mu);
    const Vector<double, S::dim> start = golden.states.col(0);
    Vector<double, S::dim> rate;
    field(start, rate);
    CHECK((rate - golden.first_rate).norm() <= 1e-14 * golden.first_rate.norm());

    const auto result = rollout(field, CooperVerner8{}, start, golden.times, steps_per_sample);
    REQUIRE(result.completed == golden.times.size());
    CHECK((result.states - golden.states).cwiseAbs().maxCoeff() < 1e-10);
    if constexpr (keeps_energy)
      for (Index k = 0; k < golden.times.size(); ++k)
        CHECK(field.energy(result.states.col(k)) == Approx(field.energy(start)).epsilon(1e-12).margin(1e-12));
  }
}
