#pragma once

#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/systems/dno.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/systems/tgc.hpp"
#include "support/integrator_suite.hpp"

// What integrators of motions with friction must show.

using LearnedFriction = metriplex::BoundModel<metriplex::Generic<3, 1>,
                                              metriplex::Networks<metriplex::Mlp<metriplex::Tanh, 3, 8, 8, 1>,
                                                                  metriplex::Mlp<metriplex::Tanh, 3, 6, 6>>,
                                              double>;
using LearnedEntropy = metriplex::BoundModel<
    metriplex::GenericLearned<3, 2, 1>,
    metriplex::Networks<metriplex::Mlp<metriplex::Tanh, 3, 8, 1>, metriplex::Mlp<metriplex::Tanh, 3, 8, 1>,
                        metriplex::Mlp<metriplex::Tanh, 3, 6, 1>, metriplex::Mlp<metriplex::Tanh, 3, 6, 2>>,
    double>;

/// Checks the order by refinement against a fine trajectory, symmetry if declared, no allocation, and failure.
template <class Integrator, class Field>
void check_generic_integrator(const Integrator& integrator, const Field& field,
                              const typename Field::State& start, double horizon, int steps) {
  using metriplex::StepStatus;
  INFO(Integrator::name);
  STATIC_REQUIRE(metriplex::IntegratorFor<Integrator, Field>);
  const auto end = stepped<AsItIs>(metriplex::CooperVerner8{}, field, start, horizon, 40 * steps);
  CHECK(measured_order<AsItIs>(integrator, field, start, end, horizon, steps, 1e-11) ==
        Approx(Integrator::order).margin(0.15));
  const double symmetry = symmetry_defect(integrator, field, start, horizon / steps);
  CHECK((Integrator::symmetric ? symmetry < 1e-12 : symmetry > 1e-10));

  auto x = start;
  const AllocationCounter counter;
  const StepStatus status = integrator.step(field, x, 0.01);
  CHECK(counter.count() == 0);
  CHECK(status == StepStatus::ok);
  auto bad = start;
  bad[1] = std::numeric_limits<double>::infinity();
  const auto before = bad;
  CHECK(integrator.step(field, bad, 0.01) != StepStatus::ok);
  CHECK(bad == before);
}

/// What happened to energy and entropy in many steps.
struct Kept {
  double drift = 0, least_gain = 0;  ///< |E − E₀| relative to E's scale; least S(t + dt) − S(t)
  int steps = 0;
};
template <class Integrator, class Field>
Kept kept(const Integrator& integrator, const Field& field, typename Field::State x, double dt, int steps) {
  Kept result;
  const double first = field.energy(x);
  for (; result.steps < steps; ++result.steps) {
    const double entropy = field.entropy(x);
    if (integrator.step(field, x, dt) != metriplex::StepStatus::ok) break;
    result.drift = std::max(result.drift, std::abs(field.energy(x) - first) / std::max(1.0, std::abs(first)));
    result.least_gain = std::min(result.least_gain, field.entropy(x) - entropy);
  }
  return result;
}
