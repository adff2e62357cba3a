#include "metriplex/systems/satellite.hpp"

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("satellite agrees with its golden trajectories", "[systems][satellite]") {
  check_system<Satellite>(20);
}
