#include "metriplex/integrate/gauss_legendre.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

// H = (1 + q²)(1 + p²)/2: not separable.
struct Mixed {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  static double energy(const State& x) { return (1 + x(0) * x(0)) * (1 + x(1) * x(1)) / 2; }
  void operator()(const State& x, State& dx) const {
    dx << (1 + x(0) * x(0)) * x(1), -x(0) * (1 + x(1) * x(1));
  }
  void jacobian(const State& x, Matrix<double, 2, 2>& J) const {
    J << 2 * x(0) * x(1), 1 + x(0) * x(0), -(1 + x(1) * x(1)), -2 * x(0) * x(1);
  }
};

struct WithoutJacobian {
  using State = Vector<double, 1>;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx = -x; }
};

}  // namespace

TEST_CASE("Gauss-Legendre methods have the order that they declare and are symplectic",
          "[integrate][gauss_legendre]") {
  check_integrator(ImplicitMidpoint{});
  check_integrator(GaussLegendre<2>{});
  check_integrator(GaussLegendre<3>{});
}

TEST_CASE("simplified Newton iterations reach the same step", "[integrate][gauss_legendre]") {
  const GaussLegendre<2> exact, simplified{{.simplified = true}};
  check_integrator(simplified);
  Vector<double, 2> x(0.8, -0.5), y = x;
  REQUIRE(exact.step(Mixed{}, x, 0.2) == StepStatus::ok);
  REQUIRE(simplified.step(Mixed{}, y, 0.2) == StepStatus::ok);
  CHECK((x - y).norm() < 1e-12);
}

TEST_CASE("a step solves the midpoint equation", "[integrate][gauss_legendre]") {
  const Mixed field;
  const Vector<double, 2> before(0.8, -0.5);
  Vector<double, 2> x = before, rate;
  REQUIRE(ImplicitMidpoint{}.step(field, x, 0.3) == StepStatus::ok);
  field((before + x) / 2, rate);
  CHECK((x - before - 0.3 * rate).norm() < 1e-14);
}

TEST_CASE("energy of a non-separable system stays near its value for long", "[integrate][gauss_legendre]") {
  const Mixed field;
  Vector<double, 2> x(0.8, -0.5);
  const double start = field.energy(x);
  double drift = 0;
  for (int i = 0; i < 20000; ++i) {
    REQUIRE(ImplicitMidpoint{}.step(field, x, 0.1) == StepStatus::ok);
    drift = std::max(drift, std::abs(field.energy(x) - start));
  }
  CHECK(drift < 5e-3);
}

TEST_CASE("a step that does not converge says so and leaves the state alone", "[integrate][gauss_legendre]") {
  const Vector<double, 2> before(0.8, -0.5);
  Vector<double, 2> x = before;
  CHECK(ImplicitMidpoint{{.max_iterations = 1}}.step(Mixed{}, x, 0.3) == StepStatus::not_converged);
  CHECK(x == before);
  CHECK(ImplicitMidpoint{{.max_iterations = 0}}.step(Mixed{}, x, 0.3) == StepStatus::not_converged);
  CHECK(ImplicitMidpoint{}.step(Mixed{}, x, 1e6) != StepStatus::ok);
  CHECK(x == before);
  CHECK(ImplicitMidpoint{{.tolerance = 0}}.step(Mixed{}, x, 0.3) == StepStatus::ok);
}

TEST_CASE("the implicit midpoint rule is no integrator for a field without a Jacobian",
          "[integrate][gauss_legendre]") {
  STATIC_REQUIRE(VectorField<WithoutJacobian>);
  STATIC_REQUIRE(!IntegratorFor<ImplicitMidpoint, WithoutJacobian>);
}
