#include "metriplex/model/parameter_places.hpp"

#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("layers of all networks lie one after the other, and so do their codes and bases",
          "[model][parameter_places]") {
  using Potential = Mlp<Tanh, 3, 9, 1>;
  using Nets = Networks<Potential, Mlp<Tanh, 3, 5, 6>>;
  constexpr auto places = parameter_places<Generic<3, 1>, Nets, Svd<2>, double>();
  STATIC_REQUIRE(places.size() == 4);
  CHECK(places[1].network == 0);
  CHECK(places[2].network == 1);
  CHECK(places[2].shape.index == 0);
  CHECK(places[2].at.weight == MlpLayout<Potential, double>::size());
  CHECK(places[0].at.leading == 16);
  CHECK(places[1].at.leading == 1);
  // s and two singular values; U and V of rank 2.
  CHECK(places[1].at.code == 9 + 2);
  CHECK(places[2].at.code == 9 + 2 + 2);
  CHECK(places[1].at.basis == 2 * (9 + 3));
}
