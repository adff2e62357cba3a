#include "metriplex/nn/one_lane.hpp"

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a register of one lane computes as its scalar does, and compares to masks", "[nn][one_lane]") {
  OneLane<double> a = 3.0;
  const OneLane<double> b = 2.0;
  CHECK((a + b).value == 5.0);
  CHECK((a - b).value == 1.0);
  CHECK((a * b).value == 6.0);
  CHECK((a / b).value == 1.5);
  CHECK((-a).value == -3.0);
  CHECK((2.0 * a)[0] == 6.0);
  CHECK((a > b).value == -1);
  CHECK((a < b).value == 0);
  CHECK((a > b ? a : b).value == 3.0);
  CHECK(((OneLane<int>(6) & 3) != 0).value == -1);
  CHECK((OneLane<int>(3) << 4).value == 48);
  a += b;
  a *= b;
  CHECK(a.value == 10.0);
  a -= b;
  CHECK(a.value == 8.0);
}
