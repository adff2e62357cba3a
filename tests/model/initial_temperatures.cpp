#include "metriplex/model/initial_temperatures.hpp"

#include "metriplex/model/model.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

template <class M>
void check_rise(M& model) {
  for (int seed = 0; seed < 50; ++seed) {
    Random random(seed);
    model.initialize(random);
    const auto member = model.bind(Vector<double>::Zero(model.latent()));
    for (const Vector<double, 4>& direction :
         {Vector<double, 4>(0, 0, 1e-3, 0), Vector<double, 4>(0, 0, 0, 1e-3)})
      CHECK(member.energy(direction) > member.energy(-direction));
  }
}

}  // namespace

TEST_CASE("the energy of a fresh model rises with every known entropy, whatever the draw", "[model]") {
  using Dissipation = Mlp<Tanh, 4, 6, 12>;
  Model<Generic<4, 2>, Networks<Mlp<Softplus, 4, 7, 5, 1>, Dissipation>, Svd<3>> joint(2);
  check_rise(joint);
  Model<Generic<4, 2>, Networks<Shared<Mlp<Tanh, 1, 5, 1>, Sites<4>>, Dissipation>, None> shared(0);
  check_rise(shared);
  // The sine of an angle is an input of its own before.
  using Turning = Periodic<Mlp<Tanh, 5, 3, 1>, 0>;
  STATIC_REQUIRE(!sees_entropy<Generic<4, 2>, Turning>(2));
  STATIC_REQUIRE(sees_entropy<Generic<4, 2>, Turning>(3));
  STATIC_REQUIRE(sees_entropy<Generic<4, 2>, Turning>(4));
}
