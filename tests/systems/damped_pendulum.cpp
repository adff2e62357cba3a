#include "metriplex/systems/damped_pendulum.hpp"

#include <cmath>

#include "metriplex/autodiff/gradient.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("damped_pendulum agrees with its golden trajectories", "[systems][damped_pendulum]") {
  check_system<DampedPendulum, false>();
}

TEST_CASE("a damped pendulum loses energy by cp²/ml², and is a pendulum without damping",
          "[systems][damped_pendulum]") {
  const Vector<double, 3> mu(0.9, 1.2, 0.04);
  const MemberEnergy<DampedPendulum> energy{mu};
  Vector<double, 2> dx, undamped;
  for (const Vector<double, 2>& x : {Vector<double, 2>(0.3, 1.1), Vector<double, 2>(-2, 0.4)}) {
    DampedPendulum::rate(x, mu, dx);
    CHECK(gradient(energy, x).dot(dx) == Approx(-0.04 * x[1] * x[1] / (0.9 * 1.2 * 1.2)).epsilon(1e-13));
    DampedPendulum::rate(x, Vector<double, 3>(0.9, 1.2, 0), dx);
    exact_field<Pendulum>({0.9, 1.2})(x, undamped);
    CHECK((dx - undamped).norm() < 1e-14);
    CHECK(energy(x) == Pendulum::energy(x, Vector<double, 2>(0.9, 1.2)));
    CHECK(DampedPendulum::accepts(x, mu) == Pendulum::accepts(x, {0.9, 1.2}));
  }
  CHECK(!DampedPendulum::accepts({3.1, 1.5}, mu));
}
