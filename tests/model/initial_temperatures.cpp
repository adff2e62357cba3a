#include "metriplex/model/initial_temperatures.hpp"

#include "metriplex/model/model.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("the energy of a fresh model rises with every known entropy, whatever the draw", "[model]") {
  using Nets = Networks<Mlp<Softplus, 4, 7, 5, 1>, Mlp<Tanh, 4, 6, 12>>;
  Model<Generic<4, 2>, Nets, Svd<3>> model(2);
  for (int seed = 0; seed < 50; ++seed) {
    Random random(seed);
    model.initialize(random);
    const auto member = model.bind(Vector<double>::Zero(2));
    for (const Vector<double, 4>& direction :
         {Vector<double, 4>(0, 0, 1e-3, 0), Vector<double, 4>(0, 0, 0, 1e-3)})
      CHECK(member.energy(direction) > member.energy(-direction));
  }
}
