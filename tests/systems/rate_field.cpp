#include "metriplex/systems/rate_field.hpp"

#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/generic_field.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/damped_pendulum.hpp"
#include "metriplex/systems/double_pendulum.hpp"
#include "metriplex/systems/fput_chain.hpp"
#include "metriplex/systems/glycolytic.hpp"
#include "metriplex/systems/heavy_top.hpp"
#include "metriplex/systems/lotka_volterra.hpp"
#include "metriplex/systems/rigid_body.hpp"
#include "metriplex/systems/sample_system.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Checks the Jacobian of a member against differences of its rate.
template <class S>
void check_jacobian() {
  INFO(S::name);
  STATIC_REQUIRE(HasJacobian<RateField<S>>);
  Random random(4);
  const auto mu = sample_parameters<S>(random);
  const RateField<S> field(mu);
  const Vector<double, S::dim> x = sample_initial_state<S>(mu, random);
  Matrix<double, S::dim, S::dim> J;
  field.jacobian(x, J);
  constexpr double h = 1e-5;
  for (int j = 0; j < S::dim; ++j) {
    Vector<double, S::dim> above = x, below = x, up, down;
    above[j] += h, below[j] -= h;
    field(above, up), field(below, down);
    const Vector<double, S::dim> difference = (up - down) / (2 * h);
    CHECK((difference - J.col(j)).norm() <= 1e-7 * (1 + J.norm()));
  }
}

/// Measures the energy's largest error along 4 time units from a state of a member, in steps of 1/steps.
template <class S, class Integrator>
double drift(const Integrator& integrator, int steps) {
  Random random(5);
  const auto mu = sample_parameters<S>(random);
  const RateField<S> field(mu);
  Vector<double, S::dim> x = sample_initial_state<S>(mu, random);
  const double first = field.energy(x);
  double worst = 0;
  for (int i = 0; i < 4 * steps; ++i) {
    REQUIRE(integrator.step(field, x, 1.0 / steps) == StepStatus::ok);
    worst = std::max(worst, std::abs(field.energy(x) - first));
  }
  return worst;
}

}  // namespace

TEST_CASE("a field of a stated rate has its Jacobian, and an energy if the system has",
          "[systems][rate_field]") {
  STATIC_REQUIRE(!HasEnergy<RateField<Glycolytic>>);
  STATIC_REQUIRE(HasEnergy<RateField<HeavyTop>>);
  STATIC_REQUIRE(!CanonicalField<RateField<DampedPendulum>>);
  STATIC_REQUIRE(CanonicalField<RateField<FputChain<8>>>);
  check_jacobian<DampedPendulum>();
  check_jacobian<DoublePendulum>();
  check_jacobian<RigidBody>();
  check_jacobian<HeavyTop>();
  check_jacobian<LotkaVolterra>();
  check_jacobian<Glycolytic>();
  check_jacobian<FputChain<8>>();
}

TEST_CASE("the bracket of a system makes its rate of the energy's gradient", "[systems][rate_field]") {
  const auto check = []<class S>(S) {
    INFO(S::name);
    STATIC_REQUIRE(GradientField<RateField<S>>);
    Random random(6);
    const auto mu = sample_parameters<S>(random);
    const RateField<S> field(mu);
    const Vector<double, S::dim> x = sample_initial_state<S>(mu, random);
    Vector<double, S::dim> slope, dx, expected;
    field.energy_gradient(x, slope);
    field.gradient_rate(x, slope, dx);
    field(x, expected);
    CHECK((dx - expected).norm() <= 1e-14 * (1 + expected.norm()));
  };
  check(RigidBody{});
  check(HeavyTop{});
  STATIC_REQUIRE(!GradientField<RateField<LotkaVolterra>>);
}

TEST_CASE("energy along a stated rate is off by the integrator's order alone", "[systems][rate_field]") {
  const auto check = []<class S>(S, int steps) {
    INFO(S::name);
    const auto slope = [&](const auto& integrator) {
      return std::log2(drift<S>(integrator, steps) / drift<S>(integrator, 2 * steps));
    };
    CHECK(slope(Rk4{}) == Approx(4.5).margin(0.8));  // 5 where the first term of the error cancels
    CHECK(slope(GaussLegendre<2>{}) == Approx(4).margin(0.3));
  };
  check(DoublePendulum{}, 20);
  check(LotkaVolterra{}, 5);
}
