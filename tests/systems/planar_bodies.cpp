#include "metriplex/systems/planar_bodies.hpp"

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("planar bodies agree with their golden trajectories", "[systems][planar_bodies]") {
  STATIC_REQUIRE(TwoBodies::state_names[5] == "v1");
  STATIC_REQUIRE(ThreeBodies::state_names[11] == "v3");
  check_system<TwoBodies>(20);
  check_system<ThreeBodies>(20);
  CHECK(ThreeBodies::accepts(Vector<double, 12>::Constant(0.1), {1, 1, 1}));
  CHECK(!ThreeBodies::accepts(Vector<double, 12>::LinSpaced(-9, 9), {1, 1, 1}));
  CHECK(TwoBodies::accepts(Vector<double, 8>::Constant(0.1), {1, 1}));
  CHECK(!TwoBodies::accepts(Vector<double, 8>::LinSpaced(-9, 9), {1, 1}));
}
