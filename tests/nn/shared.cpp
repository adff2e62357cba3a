#include "metriplex/nn/shared.hpp"

#include "metriplex/nn/mlp.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a sum of shared networks has the layers of all, one after the other", "[nn][shared]") {
  using Pair = Mlp<Tanh, 1, 7, 5, 1>;
  using Site = Mlp<Silu, 1, 3, 1>;
  using Springs = Shared<Pair, Chain<8>>;
  using Net = SumOf<Springs, Shared<Site, Sites<8>>>;
  STATIC_REQUIRE(Springs::inputs == 8);
  STATIC_REQUIRE(Springs::parameters() == Pair::parameters());
  STATIC_REQUIRE(IsShared<Springs>);
  STATIC_REQUIRE(!IsShared<Pair>);
  STATIC_REQUIRE(std::is_same_v<PlainNetwork<Net>, Pair>);
  STATIC_REQUIRE(Net::inputs == 8);
  STATIC_REQUIRE(Net::layers == 5);
  STATIC_REQUIRE(Net::parameters() == Pair::parameters() + Site::parameters());
  STATIC_REQUIRE(Net::shape(2).last);
  STATIC_REQUIRE(Net::shape(3).out == 3);
  STATIC_REQUIRE(Net::shape(3).index == 3);
  STATIC_REQUIRE(MlpLayout<Net, double>::weight(3) == MlpLayout<Pair, double>::size());
}
