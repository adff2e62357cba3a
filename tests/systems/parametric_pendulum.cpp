#include "metriplex/systems/parametric_pendulum.hpp"

#include "metriplex/autodiff/gradient.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("parametric_pendulum agrees with its golden trajectories", "[systems][parametric_pendulum]") {
  check_system<ParametricPendulum, false>();
}

TEST_CASE("a pendulum that is shaken moves by its energy's slopes at each time",
          "[systems][parametric_pendulum]") {
  const Vector<double, 3> x(0.7, -0.4, 2), mu(0.9, 0.3, 1.4);
  Vector<double, 3> dx;
  ParametricPendulum::rate(x, mu, dx);
  const Vector<double, 3> slope = gradient(MemberEnergy<ParametricPendulum>{mu}, x);
  CHECK(dx[0] == Approx(slope[1]));
  CHECK(dx[1] == Approx(-slope[0]));
  CHECK(slope.dot(dx) == Approx(slope[2]));
}
