#include "metriplex/systems/double_pendulum.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("double_pendulum agrees with its golden trajectories", "[systems][double_pendulum]") {
  check_system<DoublePendulum>();
}

TEST_CASE("a double pendulum's energy is that of its two masses in the plane", "[systems][double_pendulum]") {
  const Vector<double, 4> mu(1.3, 0.5, 1.1, 0.95), x(0.4, -1.2, 0.5, -0.3);
  const double m1 = 1.3, m2 = 0.65, l1 = 1.1, l2 = 1.1 * 0.95;
  const auto along = [](double q, double l) { return Vector<double, 2>(l * std::cos(q), l * std::sin(q)); };
  const Vector<double, 2> u1 = 0.5 * along(0.4, l1), u2 = u1 - 0.3 * along(-1.2, l2);
  const double height1 = l1 - along(0.4, l1)[0], height2 = height1 + l2 - along(-1.2, l2)[0];
  CHECK(DoublePendulum::energy(x, mu) == Approx(m1 / 2 * u1.squaredNorm() + m2 / 2 * u2.squaredNorm() +
                                                9.806 * (m1 * height1 + m2 * height2)));
}

TEST_CASE("a double pendulum's accelerations do not depend on its first mass", "[systems][double_pendulum]") {
  const Vector<double, 4> x(0.4, -1.2, 0.5, -0.3);
  Vector<double, 4> light, heavy;
  DoublePendulum::rate(x, Vector<double, 4>(0.6, 0.5, 1.1, 0.95), light);
  DoublePendulum::rate(x, Vector<double, 4>(1.8, 0.5, 1.1, 0.95), heavy);
  CHECK(light == heavy);
}
