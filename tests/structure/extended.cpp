#include "metriplex/structure/extended.hpp"

#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("an extended structure has its base's energy, pairs and units, and one network more",
          "[structure][extended]") {
  using Base = Mechanical<2, true>;
  using S = Driven<Base, 1>;
  STATIC_REQUIRE(HasOwnEnergy<S>);
  STATIC_REQUIRE(!HasOwnEnergy<Driven<Unstructured<2>>>);
  STATIC_REQUIRE(!S::canonical);
  STATIC_REQUIRE(network_count<S> == network_count<Base> + 1);
  STATIC_REQUIRE(output_columns<S> == output_columns<Base> + 2);
  for (int k = 0; k < network_count<Base>; ++k) {
    const auto slot = static_cast<std::size_t>(k);
    CHECK(S::networks[slot].name == Base::networks[slot].name);
  }
  CHECK(S::networks.back().name == "G");
  CHECK(S::components(network_count<Base>, 1) == std::array{3, -1, -1});
}
