#include "metriplex/systems/lotka_volterra.hpp"

#include "metriplex/autodiff/gradient.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("lotka_volterra agrees with its golden trajectories", "[systems][lotka_volterra]") {
  check_system<LotkaVolterra>();
}

TEST_CASE("prey and predators move by the bracket xy of their energy, and rest where both are in balance",
          "[systems][lotka_volterra]") {
  const Vector<double, 2> mu(0.75, 1.1), x(1.3, 1.8);
  Vector<double, 2> dx;
  LotkaVolterra::rate(x, mu, dx);
  const Vector<double, 2> slope = gradient(MemberEnergy<LotkaVolterra>{mu}, x);
  CHECK(dx[0] == Approx(-1.3 * 1.8 * slope[1]));
  CHECK(dx[1] == Approx(1.3 * 1.8 * slope[0]));
  LotkaVolterra::rate(Vector<double, 2>(0.5 / 1.1, 0.5 / 0.75), mu, dx);
  CHECK(dx.norm() < 1e-15);
}
