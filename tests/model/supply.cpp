#include "metriplex/model/supply.hpp"

#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/forced.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

TEST_CASE("a driven model's port gives the power that its inputs supply, and its energy no more",
          "[model][supply]") {
  using Nets = Networks<Mlp<Tanh, 2, 8, 3>, Mlp<Tanh, 2, 12, 1>, Mlp<Tanh, 2, 8, 4>>;
  using Bound = BoundModel<Driven<Mechanical<2>, 2>, Nets, double>;
  STATIC_REQUIRE(Bound::given() == 2);
  const auto model = test::random_bound<Bound>(5);
  Random random(6);
  for (int draw = 0; draw < 10; ++draw) {
    auto x = test::random_state<Bound::State>(random);
    Bound::State rate, slope;
    model(x, rate);
    model.energy_gradient(x, slope);
    const Vector<double, 2> y = port_output(model, x);
    CHECK(y.dot(x.tail<2>()) == Approx(supplied_power(model, x)).epsilon(1e-12));
    CHECK(slope.dot(rate) == Approx(supplied_power(model, x)).epsilon(1e-9));  // it has no friction
    CHECK(slope.tail<2>().isZero(0));

    // y is by how much the rate of the energy changes with the inputs.
    x[4] += 1;
    Bound::State more;
    model(x, more);
    CHECK(slope.dot(more - rate) == Approx(y[0]).epsilon(1e-9));
  }
}

TEST_CASE("a force supplies what it pushes along with", "[model][supply]") {
  using Nets = Networks<Mlp<Tanh, 2, 12, 1>, Mlp<Tanh, 2, 8, 1>, Mlp<Tanh, 1, 8, 1>>;
  using Bound = BoundModel<Forced<PortHamiltonian<2>>, Nets, float>;
  const auto model = test::random_bound<Bound>(7);
  const Bound::State x(0.4f, -0.3f, 1.5f);
  Bound::State slope;
  model.energy_gradient(x, slope);
  const auto outputs = model.outputs(x);
  CHECK(supplied_power(model, x) == Approx(outputs[3] * slope[1]));
}
