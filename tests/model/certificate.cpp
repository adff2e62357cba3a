#include "metriplex/model/certificate.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a certificate holds where defects are small, gains not negative, and nothing is NaN",
          "[model][certificate]") {
  Certificate found;
  CHECK(found.holds());
  CHECK(found.entries().empty());
  found.energy_rate = 1e-12;
  found.energy_gain = -3;
  CHECK(found.holds());
  CHECK(found.entries().size() == 2);
  Certificate rising = found, spoilt = found, failing = found;
  rising.energy_gain = 1e-3;
  CHECK(!rising.holds());
  spoilt.energy_rate = std::nan("");
  CHECK(!spoilt.holds());
  failing.production = -1e-12;
  CHECK(!failing.holds());
}

TEST_CASE("certificates merge to the worst of both", "[model][certificate]") {
  Certificate one, two;
  one.states = two.states = 3;
  one.energy_rate = 1e-14;
  two.energy_rate = 1e-13;
  two.eigenvalue = -2;
  one.merge(two);
  CHECK(one.states == 6);
  CHECK(*one.energy_rate == 1e-13);
  CHECK(*one.eigenvalue == -2);
  two.energy_rate = std::nan("");
  one.merge(two);
  one.merge(Certificate{});
  CHECK(std::isnan(*one.energy_rate));
}
