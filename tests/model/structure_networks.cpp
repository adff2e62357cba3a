#include "metriplex/model/structure_networks.hpp"

#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

using Potential = Mlp<Tanh, 3, 9, 1>;
using Friction = Mlp<Tanh, 3, 5, 6>;
using Nets = Networks<Potential, Friction>;

}  // namespace

TEST_CASE("a structure's networks lie one after the other", "[model][structure_networks]") {
  STATIC_REQUIRE(std::is_same_v<NetworkOf<Generic<3, 1>, Nets, 1>, Friction>);
  STATIC_REQUIRE(require_networks<Generic<3, 1>, Nets>());
  STATIC_REQUIRE(network_offset<Generic<3, 1>, Nets, double>(0) == 0);
  STATIC_REQUIRE(network_offset<Generic<3, 1>, Nets, double>(1) == MlpLayout<Potential, double>::size());
  STATIC_REQUIRE(network_offset<Generic<3, 1>, Nets, double>(2) ==
                 MlpLayout<Potential, double>::size() + MlpLayout<Friction, double>::size());
  const auto parameters = []<class Net>() { return Net::parameters(); };
  STATIC_REQUIRE(sum_over_networks<Generic<3, 1>, Nets>(parameters) ==
                 Potential::parameters() + Friction::parameters());
}

TEST_CASE("a potential's network serves all potentials, and constants come by themselves",
          "[model][structure_networks]") {
  using S = GenericBracket<3, 2, 1>;
  STATIC_REQUIRE(std::is_same_v<NetworkOf<S, Potential, 1>, Potential>);
  STATIC_REQUIRE(std::is_same_v<NetworkOf<S, Potential, 2>, Constants<1>>);
  STATIC_REQUIRE(std::is_same_v<NetworkOf<S, Potential, 3>, Constants<6>>);
  STATIC_REQUIRE(std::is_same_v<NetworkOf<S, Potential, 4>, Constants<2>>);
  STATIC_REQUIRE(std::is_same_v<NetworkOf<S, Networks<Potential, Potential>, 4>, Constants<2>>);
}

TEST_CASE("outputs have the units of the components that they join", "[model][structure_networks]") {
  Scaling<double, 3> scaling{.inverse_scale = {1.0 / 2, 1.0 / 3, 1.0 / 5},
                             .energy = 7,
                             .entropy = 11,
                             .friction = 13,
                             .bracket = 17};
  using Known = Generic<3, 1, 2>;  // C [pairs x 2]
  CHECK(unit_of_column<Known, 0>(scaling, 1) == Approx(7.0 / 3));
  for (const int rank : {0, 1}) {
    CHECK(unit_of_column<Known, 1>(scaling, rank) == Approx(13 * 2 * 3));
    CHECK(unit_of_column<Known, 1>(scaling, 2 + rank) == Approx(13 * 2 * 5));
    CHECK(unit_of_column<Known, 1>(scaling, 4 + rank) == Approx(13 * 3 * 5));
  }
  using Bracket = GenericBracket<3, 2, 1>;
  CHECK(unit_of_column<Bracket, 1>(scaling, 2) == Approx(11.0 / 5));
  CHECK(unit_of_column<Bracket, 2>(scaling, 0) == Approx(17 * 2 * 3 * 5));
  CHECK(unit_of_column<Bracket, 3>(scaling, 3 + 1) == Approx(2 * 5));
  CHECK(unit_of_column<Bracket, 4>(scaling, 1) == 13);
}
