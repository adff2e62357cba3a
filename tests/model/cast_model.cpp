#include "metriplex/model/cast_model.hpp"

#include "metriplex/integrate/generic_discrete_gradient.hpp"
#include "metriplex/structure/generic.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

using Nets = Networks<Mlp<Tanh, 3, 7, 5, 1>, Mlp<Tanh, 3, 6, 6>>;
template <class Scalar>
using Damped = BoundModel<Generic<3, 1>, Nets, Scalar>;

}  // namespace

TEST_CASE("a float's model in double has its weights, and comes back the same to the bit",
          "[model][cast_model]") {
  const auto single = test::random_bound<Damped<float>>(1);
  const auto model = cast_model<double>(single);
  CHECK(cast_model<float>(model).weights() == single.weights());
  CHECK(model.scaling().energy == double(single.scaling().energy));
  CHECK(model.scaling().mean == single.scaling().mean.cast<double>());
  const Vector<float, 3> x(0.3f, -0.8f, 0.5f);
  const Vector<double, 3> rate = model(x.cast<double>());
  CHECK((single(x).cast<double>() - rate).norm() < 1e-5 * rate.norm());
  CHECK(single(x).cast<double>() != rate);
}

TEST_CASE("a scaling keeps all its units in another scalar", "[model][cast_model]") {
  Scaling<double, 2> scaling;
  scaling.mean << 1, 2;
  scaling.inverse_scale << 3, 4;
  scaling.origin << 5, 6;
  scaling.energy = 7, scaling.entropy = 8, scaling.friction = 9, scaling.bracket = 10;
  scaling.rate_scale << 11, 12;
  scaling.rate_error << 13, 14;
  const auto back = scaling.cast<float>().cast<double>();
  CHECK(back.mean == scaling.mean);
  CHECK(back.inverse_scale == scaling.inverse_scale);
  CHECK(back.origin == scaling.origin);
  CHECK((back.energy == 7 && back.entropy == 8 && back.friction == 9 && back.bracket == 10));
  CHECK(back.rate_scale == scaling.rate_scale);
  CHECK(back.rate_error == scaling.rate_error);
}

TEST_CASE("what was trained in float keeps its energy to double's rounding over long runs",
          "[model][cast_model]") {
  const auto model = cast_model<double>(test::random_bound<Damped<float>>(2));
  Vector<double, 3> x(0.3, -0.8, 0.5);
  const double energy = model.energy(x);
  double entropy = model.entropy(x);
  for (int step = 0; step < 200; ++step) {
    REQUIRE(GenericGonzalez{}.step(model, x, 0.05) == StepStatus::ok);
    CHECK(model.entropy(x) >= entropy - 1e-13);
    entropy = model.entropy(x);
  }
  CHECK(std::abs(model.energy(x) - energy) < 1e-12 * (1 + std::abs(energy)));
}
