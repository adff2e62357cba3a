#include "metriplex/systems/pendulum.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("pendulum agrees with its golden trajectories", "[systems][pendulum]") {
  check_system<Pendulum>();
}

TEST_CASE("a pendulum rests below and above", "[systems][pendulum]") {
  const Vector<double, 2> mu(0.9, 1.2);
  CHECK(Pendulum::energy(Vector<double, 2>(0, 0), mu) == 0);
  CHECK(Pendulum::energy(Vector<double, 2>(std::acos(-1.0), 0), mu) == Approx(2 * 0.9 * 3 * 1.2));
}

TEST_CASE("a pendulum that would nearly rotate is not accepted", "[systems][pendulum]") {
  const Vector<double, 2> mu(1, 1);  // at most H = 0.9 * 2 * 3 = 5.4
  CHECK(Pendulum::accepts({0, std::sqrt(2 * 5.39)}, mu));
  CHECK(!Pendulum::accepts({0, std::sqrt(2 * 5.41)}, mu));
}
