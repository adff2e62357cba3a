#include "metriplex/integrate/flow_splitting.hpp"

#include <limits>

#include "metriplex/integrate/composition.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/heavy_top.hpp"
#include "metriplex/systems/rate_field.hpp"
#include "metriplex/systems/rigid_body.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const RateField<RigidBody> body({0.5, 0.7, 1});
const RateField<HeavyTop> top({0.6, 0.8, 1, 1.2});
const Vector<double, 3> spin(0.6, -0.8, 0.3);
const Vector<double, 6> hanging{{0.4, -0.3, 0.9, 0.48, 0.6, 0.64}};

template <class Integrator, class F>
typename F::State end_of(const Integrator& integrator, const F& field, typename F::State x, double time,
                         int steps) {
  for (int k = 0; k < steps; ++k) REQUIRE(integrator.step(field, x, time / steps) == StepStatus::ok);
  return x;
}

/// Checks the order on a field, that steps lead back, and what a long run keeps.
template <class S>
void check_system(const RateField<S>& field, const Vector<double, S::dim>& start) {
  INFO(S::name);
  const auto truth = end_of(CooperVerner8{}, field, start, 2, 400);
  const auto order = [&](const auto& integrator) {
    return std::log2((end_of(integrator, field, start, 2, 40) - truth).norm() /
                     (end_of(integrator, field, start, 2, 80) - truth).norm());
  };
  CHECK(order(FlowSplitting{}) == Approx(2).margin(0.1));
  CHECK(order(Suzuki<FlowSplitting>{}) == Approx(4).margin(0.2));
  Vector<double, S::dim> x = start;
  REQUIRE(FlowSplitting{}.step(field, x, 0.3) == StepStatus::ok);
  REQUIRE(FlowSplitting{}.step(field, x, -0.3) == StepStatus::ok);
  CHECK((x - start).norm() < 1e-15);
  const auto casimirs = S::casimirs(start);
  double early = 0, worst = 0;
  for (int k = 0; k < 20000; ++k) {
    REQUIRE(FlowSplitting{}.step(field, x, 0.1) == StepStatus::ok);
    worst = std::max(worst, std::abs(field.energy(x) - field.energy(start)));
    if (k < 2000) early = worst;
  }
  CHECK((S::casimirs(x) - casimirs).norm() < 1e-12);
  CHECK(worst > 1e-5);
  CHECK(worst < 1.2 * early);
}

}  // namespace

TEST_CASE("a splitting into exact flows has order 2, is symmetric, and keeps Casimirs",
          "[integrate][flow_splitting]") {
  check_system(body, spin);
  check_system(top, hanging);
}

TEST_CASE("the flows of tops are the motions of the parts of their energy", "[integrate][flow_splitting]") {
  for (int part = 0; part < 4; ++part) {  // what is infinitely heavy, or weighs nothing, has no energy
    Vector<double, 4> mu(infinity, infinity, infinity, 0);
    mu[part] = part == 3 ? 1.2 : 0.6;
    const RateField<HeavyTop> alone(mu);
    Vector<double, 6> x = hanging;
    alone.flow(part, x, 1.5);
    CHECK((x - end_of(CooperVerner8{}, alone, hanging, 1.5, 200)).norm() < 1e-13);
    CHECK((x - hanging).norm() > 0.1);
    if (part == 3) break;
    const RateField<RigidBody> free({mu[0], mu[1], mu[2]});
    Vector<double, 3> y = spin;
    free.flow(part, y, 1.5);
    CHECK((y - end_of(CooperVerner8{}, free, spin, 1.5, 200)).norm() < 1e-13);
  }
}

TEST_CASE("a splitting into flows refuses a field without, and leaves a state that it cannot step",
          "[integrate][flow_splitting]") {
  struct Decay {
    using State = Vector<double, 2>;
    static constexpr int dim() { return 2; }
    void operator()(const State& x, State& dx) const { dx = -x; }
  };
  STATIC_REQUIRE(IntegratorFor<FlowSplitting, RateField<RigidBody>>);
  STATIC_REQUIRE(!IntegratorFor<FlowSplitting, Decay>);
  Vector<double, 3> x = spin;
  CHECK(FlowSplitting{}.step(body, x, infinity) == StepStatus::non_finite);
  CHECK(x == spin);
}
