#include "metriplex/integrate/splitting.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

struct NotSeparable {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx << x(1) * x(0) * x(0), -x(0) * x(1) * x(1); }
};

template <class S>
struct CoefficientsOf;
template <class Coefficients>
struct CoefficientsOf<Splitting<Coefficients>> {
  using type = Coefficients;
};
template <class S>
using SplittingOf = typename CoefficientsOf<S>::type;

}  // namespace

TEMPLATE_TEST_CASE("splittings have the order that they declare and are symplectic", "[integrate][splitting]",
                   SymplecticEuler, StormerVerlet, Ruth3, McLachlanAtela4, Yoshida4, Yoshida6, Yoshida8,
                   BlanesMoan4, BlanesMoan6) {
  check_integrator(TestType{});
  double kicks = 0, drifts = 0;
  for (const double kick : SplittingOf<TestType>::kicks) kicks += kick;
  for (const double drift : SplittingOf<TestType>::drifts) drifts += drift;
  CHECK(kicks == Approx(1).epsilon(1e-14));
  CHECK(drifts == Approx(1).epsilon(1e-14));
}

TEST_CASE("a step of the leapfrog is kick, drift, kick", "[integrate][splitting]") {
  const Kepler<double> field;
  Kepler<double>::State x(1, 0, 0, 1);
  REQUIRE(StormerVerlet{}.step(field, x, 0.1) == StepStatus::ok);
  CHECK(x(0) == Approx(1 - 0.05 * 0.1).epsilon(1e-15));
  CHECK(x(1) == Approx(0.1).epsilon(1e-15));
  const double r3 = std::pow(std::hypot(x(0), x(1)), 3);
  CHECK(x(2) == Approx(-0.05 - 0.05 * x(0) / r3).epsilon(1e-14));
  CHECK(x(3) == Approx(1 - 0.05 * x(1) / r3).epsilon(1e-14));
}

TEST_CASE("the leapfrog undoes itself when time runs back", "[integrate][splitting]") {
  const Kepler<double> field;
  const auto start = field.exact(0, 0.3);
  auto x = start;
  for (int i = 0; i < 100; ++i) REQUIRE(StormerVerlet{}.step(field, x, 0.05) == StepStatus::ok);
  for (int i = 0; i < 100; ++i) REQUIRE(StormerVerlet{}.step(field, x, -0.05) == StepStatus::ok);
  CHECK((x - start).norm() < 1e-12);
}

TEST_CASE("the leapfrog is no integrator for a field that is not separable", "[integrate][splitting]") {
  STATIC_REQUIRE(VectorField<NotSeparable>);
  STATIC_REQUIRE(!IntegratorFor<StormerVerlet, NotSeparable>);
}
