#include "metriplex/systems/glycolytic.hpp"

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("glycolytic agrees with its golden trajectories", "[systems][glycolytic]") {
  STATIC_REQUIRE(!HasSystemEnergy<Glycolytic>);
  check_system<Glycolytic>(100);  // its transients are short
}
