#include "metriplex/systems/cart_pole.hpp"

#include "metriplex/autodiff/gradient.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("cart_pole agrees with its golden trajectories", "[systems][cart_pole]") {
  check_system<CartPole, false>(20);
}

TEST_CASE("a cart gains what its force supplies", "[systems][cart_pole]") {
  const Vector<double, 3> mu(0.8, 0.3, 0.6);
  const Vector<double, 5> x(0.2, 0.9, -0.5, 1.5, 1.7);
  Vector<double, 5> dx;
  CartPole::rate(x, mu, dx);
  CHECK(gradient(MemberEnergy<CartPole>{mu}, x).dot(dx) == Approx(1.7 * -0.5).epsilon(1e-13));
  CHECK(dx[4] == 0);
}
