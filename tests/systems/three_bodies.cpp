#include "metriplex/systems/three_bodies.hpp"

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("three_bodies agrees with its golden trajectories", "[systems][three_bodies]") {
  check_system<ThreeBodies>(20);
  CHECK(ThreeBodies::accepts(Vector<double, 12>::Constant(0.1), {1, 1, 1}));
  CHECK(!ThreeBodies::accepts(Vector<double, 12>::LinSpaced(-9, 9), {1, 1, 1}));
}
