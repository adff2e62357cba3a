#include "metriplex/nn/periodic.hpp"

#include <type_traits>

#include "metriplex/nn/mlp.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a periodic network has an input less for each angle", "[nn][periodic]") {
  using Net = Mlp<Tanh, 5, 7, 1>;
  using Seen = Periodic<Net, 0, 2>;
  STATIC_REQUIRE(Seen::inputs == 3);
  STATIC_REQUIRE(Seen::angles == std::array{true, false, true});
  STATIC_REQUIRE(Seen::parameters() == Net::parameters());
  STATIC_REQUIRE(std::is_same_v<PlainNetwork<Seen>, Net>);
  STATIC_REQUIRE(std::is_same_v<PlainNetwork<Net>, Net>);
  STATIC_REQUIRE(!HasAngles<Net>);
}
