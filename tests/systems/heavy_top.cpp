#include "metriplex/systems/heavy_top.hpp"

#include <cmath>

#include "metriplex/integrate/gauss_legendre.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("heavy_top agrees with its golden trajectories", "[systems][heavy_top]") {
  check_system<HeavyTop>();
}

TEST_CASE("a heavy top keeps the vertical's length and its momentum along it, and so does implicit midpoint",
          "[systems][heavy_top]") {
  const Vector<double, 6> start{{0.4, -0.3, 0.9, 0.48, 0.6, 0.64}};
  const auto field = exact_field<HeavyTop>({0.6, 0.8, 1, 1.2});
  const auto path = rollout(field, CooperVerner8{}, start, Vector<double>::LinSpaced(51, 0, 10), 20);
  REQUIRE(path.completed == 51);
  const Vector<double, 2> casimirs = HeavyTop::casimirs(start);
  CHECK(casimirs[0] == Approx(1));
  CHECK(casimirs[1] == Approx(0.588));
  for (Index k = 0; k < 51; ++k)
    CHECK((HeavyTop::casimirs(Vector<double, 6>(path.states.col(k))) - casimirs).norm() < 1e-12);
  Vector<double, 6> x = start;  // energy and Casimirs are quadratic
  for (int i = 0; i < 1000; ++i) REQUIRE(ImplicitMidpoint{}.step(field, x, 0.05) == StepStatus::ok);
  CHECK((HeavyTop::casimirs(x) - casimirs).norm() < 1e-12);
  CHECK(field.energy(x) == Approx(field.energy(start)).epsilon(1e-12));
}

TEST_CASE("a symmetric top keeps its spin, and one that stands stays", "[systems][heavy_top]") {
  Vector<double, 6> dx;
  HeavyTop::rate(Vector<double, 6>{{0.4, -0.3, 0.9, 0.48, 0.6, 0.64}}, Vector<double, 4>(0.6, 0.6, 1, 1.2),
                 dx);
  CHECK(dx[2] == Approx(0).margin(1e-15));
  HeavyTop::rate(Vector<double, 6>{{0, 0, 0.9, 0, 0, 1}}, Vector<double, 4>(0.6, 0.8, 1, 1.2), dx);
  CHECK(dx.isZero(0));
}
