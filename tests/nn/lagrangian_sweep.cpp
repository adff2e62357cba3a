#include "metriplex/nn/lagrangian_sweep.hpp"

#include "metriplex/autodiff/check_gradient.hpp"
#include "support/catch.hpp"
#include "support/lagrangian_case.hpp"

using namespace metriplex;

namespace {

/// Compares the pullback with differences, and with the tangents, whose adjoint it is.
template <class Net>
void check_pullback() {
  using Of = LagrangianCase<Net>;
  Of c;
  Random random(5);
  typename Of::template Tile<Of::made> d_y, moved;
  for (auto& value : d_y.reshaped()) value = random.normal();
  typename Of::template Tile<Of::seen> d_x;
  Vector<double> d_weights = Vector<double>::Zero(c.weights.size());
  c.sweep->pullback(c.weights.data(), d_y.data(), d_weights.data(), d_x.data());
  const Vector<double> along = relaid<Net, double>(Vector<double>(Vector<double>::Random(c.weights.size())));
  c.sweep->tangent(c.weights.data(), along.data(), moved.data());
  CHECK(moved.cwiseProduct(d_y).sum() == Approx(d_weights.dot(along)));
  // A second time it adds to the weights' gradient, or overwrites it, and states may be left out.
  Vector<double> twice = d_weights;
  c.sweep->pullback(c.weights.data(), d_y.data(), twice.data(), nullptr);
  CHECK(difference(twice, 2 * d_weights) < 1e-14);
  c.sweep->pullback(c.weights.data(), d_y.data(), twice.data(), nullptr, true);
  CHECK(difference(twice, d_weights) < 1e-14);
  double padding = 0;
  relaid<Net, double>(d_weights, &padding);
  CHECK(padding == 0);
  const auto paired = [&](const Vector<double>& weights, const Vector<double>& x) {
    c.forward(weights, x.reshaped(Of::points, Of::seen));
    return c.y.cwiseProduct(d_y).sum();
  };
  const Vector<double> x0 = c.x.reshaped(), weights = c.weights;
  INFO(Net::Activation::name);
  const GradientCheck by_weights =
      check_gradient([&](const Vector<double>& w) { return paired(w, x0); }, weights, d_weights, {1e-7});
  INFO(by_weights.message);
  CHECK(by_weights.ok);
  const GradientCheck by_x = check_gradient([&](const Vector<double>& x) { return paired(weights, x); }, x0,
                                            Vector<double>(d_x.reshaped()), {1e-7});
  INFO(by_x.message);
  CHECK(by_x.ok);
}

}  // namespace

TEST_CASE("cotangents of a Lagrangian's second derivatives pull back as differences say",
          "[nn][lagrangian_sweep]") {
  check_pullback<Mlp<Tanh, 4, 9, 5, 1>>();
  check_pullback<Mlp<Silu, 2, 5, 1>>();
}
