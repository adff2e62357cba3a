#include "metriplex/nn/value_sweep.hpp"

#include <memory>

#include "support/catch.hpp"
#include "support/network_case.hpp"

using namespace metriplex;

namespace {

/// Compares a tile with dual numbers in double; twice, the second time overwriting.
template <class Net, class Scalar>
void check_tile() {
  constexpr int points = 2 * lanes<Scalar>;
  const Case c(Network::of<Net>(), points);
  const Matrix<double> d_values =
      Case(c.network, points, 2).weights.replicate(1, points).transpose().leftCols(1) *
      Vector<double>::LinSpaced(Net::outputs, -1, 2).transpose();
  const ValueResults expected = value_truth(c, d_values);
  const Vector<Scalar> weights = relaid<Net, Scalar>(c.weights);
  const double tolerance = sizeof(Scalar) == 8 ? 1e-13 : 5e-5;
  INFO(Net::inputs << " to " << Net::outputs << ", " << sizeof(Scalar) << " bytes");
  using Tile = Eigen::Matrix<Scalar, points, Eigen::Dynamic>;
  const Tile x = c.x.template cast<Scalar>(), d_y = d_values.template cast<Scalar>();
  Tile y(points, Net::outputs), d_x = Tile::Constant(points, Net::inputs, Scalar(7));
  Vector<Scalar> d_weights = Vector<Scalar>::Zero(weights.size());
  const auto sweep = std::make_unique<ValueSweep<Net, Scalar, points>>();
  const auto compare = [&](double times) {
    double padding = 0;
    const Vector<double> got = relaid<Net, double>(d_weights, &padding);
    CHECK(padding == 0);
    CHECK(difference(got / times, expected.d_weights) < tolerance);
    CHECK(difference(y.template cast<double>(), expected.values) < tolerance);
    if constexpr (Net::inputs > 0) CHECK(difference(d_x.template cast<double>(), expected.d_x) < tolerance);
  };
  sweep->forward(weights.data(), x.data(), y.data());
  sweep->pullback(weights.data(), d_y.data(), d_weights.data(), d_x.data());
  compare(1);
  sweep->pullback(weights.data(), d_y.data(), d_weights.data(), nullptr);
  compare(2);
  sweep->pullback(weights.data(), d_y.data(), d_weights.data(), nullptr, true);
  compare(1);
}

}  // namespace

TEMPLATE_TEST_CASE("a tile's values and pullback agree with dual numbers", "[nn][value_sweep]", float,
                   double) {
  check_tile<Mlp<Tanh, 2, 3, 2>, TestType>();
  check_tile<Mlp<Softplus, 3, 9, 5, 6>, TestType>();
  check_tile<Mlp<Sin, 1, 5, 17, 12>, TestType>();
  check_tile<Mlp<Silu, 4, 33, 1>, TestType>();  // one output: a contiguous row
}

TEMPLATE_TEST_CASE("constants have the same values everywhere and sum their cotangents", "[nn][value_sweep]",
                   float, double) {
  check_tile<Constants<3>, TestType>();
  check_tile<Constants<20>, TestType>();
  check_tile<Constants<1>, TestType>();
}
