#include "metriplex/nn/networks.hpp"

#include "support/catch.hpp"

using namespace metriplex;

namespace {

using A = Mlp<Tanh, 3, 5, 1>;
using B = Mlp<Tanh, 3, 5, 6>;

}  // namespace

TEST_CASE("one network serves every place, a list one each and constants beyond its end", "[nn][networks]") {
  STATIC_REQUIRE(std::is_same_v<NetworkAt<A, 0, 3, 1>::type, A>);
  STATIC_REQUIRE(std::is_same_v<NetworkAt<A, 3, 3, 1>::type, A>);
  STATIC_REQUIRE(std::is_same_v<NetworkAt<A, 4, 0, 9>::type, Constants<9>>);
  using List = Networks<A, B>;
  STATIC_REQUIRE(std::is_same_v<NetworkAt<List, 0, 3, 1>::type, A>);
  STATIC_REQUIRE(std::is_same_v<NetworkAt<List, 1, 3, 6>::type, B>);
  STATIC_REQUIRE(std::is_same_v<NetworkAt<List, 2, 0, 9>::type, Constants<9>>);
}

TEST_CASE("constants are a layer of biases that modulations shift", "[nn][networks]") {
  STATIC_REQUIRE(Constants<9>::parameters() == 9);
  STATIC_REQUIRE(Constants<9>::shape(0).in == 0);
  STATIC_REQUIRE(!Constants<9>::shape(0).last);
  using Layout = MlpLayout<Constants<9>, double>;
  STATIC_REQUIRE(Layout::bias(0) == 0);
  STATIC_REQUIRE(Layout::size() == 16);
}
