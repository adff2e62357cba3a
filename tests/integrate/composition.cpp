#include "metriplex/integrate/composition.hpp"

#include <cmath>

#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/extended_phase_space.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "support/catch.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

TEMPLATE_TEST_CASE("compositions gain two orders and keep what their base keeps", "[integrate][composition]",
                   TripleJump<StormerVerlet>, Suzuki<StormerVerlet>, TripleJump<TripleJump<StormerVerlet>>,
                   Suzuki<ImplicitMidpoint>, TripleJump<Gonzalez>) {
  check_integrator(TestType{}, 1e-11);
}

TEST_CASE("the triple jump of the leapfrog is Yoshida's method", "[integrate][composition]") {
  const Kepler<double> field;
  auto x = field.exact(0, 0.3), y = x;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(TripleJump<StormerVerlet>{}.step(field, x, 0.1) == StepStatus::ok);
    REQUIRE(Yoshida4{}.step(field, y, 0.1) == StepStatus::ok);
  }
  CHECK((x - y).norm() < 1e-14);
}

TEST_CASE("substeps sum to a step and cancel the leading error", "[integrate][composition]") {
  const auto check = [](const auto& steps, int order) {
    double sum = 0, powers = 0;
    for (const double step : steps) {
      sum += step;
      powers += std::pow(step, order + 1);
    }
    CHECK(sum == Approx(1).epsilon(1e-15));
    CHECK(std::abs(powers) < 1e-13);
  };
  check(TripleJumpSteps<2>::steps, 2);
  check(TripleJumpSteps<4>::steps, 4);
  check(TripleJumpSteps<6>::steps, 6);
  check(SuzukiSteps<2>::steps, 2);
  check(SuzukiSteps<4>::steps, 4);
}

TEST_CASE("a composition whose step fails leaves the state alone", "[integrate][composition]") {
  const Kepler<double> field;
  const auto before = field.exact(0, 0.3);
  auto x = before;
  CHECK(TripleJump<ImplicitMidpoint>{{{.max_iterations = 1}}}.step(field, x, 0.3) ==
        StepStatus::not_converged);
  CHECK(x == before);
}

TEST_CASE("a composition refuses what its base refuses", "[integrate][composition]") {
  STATIC_REQUIRE(IntegratorFor<TripleJump<StormerVerlet>, LearnedSeparable>);
  STATIC_REQUIRE(!IntegratorFor<TripleJump<StormerVerlet>, LearnedHamiltonian>);
  STATIC_REQUIRE(!IntegratorFor<TripleJump<Tao>, LearnedHamiltonian>);
}
