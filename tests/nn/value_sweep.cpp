#include "metriplex/nn/value_sweep.hpp"

#include <memory>

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/nn/point_value_sweep.hpp"
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

/// Compares slopes with dual numbers, their pullback and tangents with differences, and one point with a tile.
template <class Net>
void check_slopes() {
  constexpr int points = lanes<double>, each = 1 + Net::inputs, columns = each * Net::outputs;
  const Case c(Network::of<Net>(), points);
  using Tile = Eigen::Matrix<double, points, Eigen::Dynamic>;
  const auto sweep = std::make_unique<ValueSweep<Net, double, points, true>>();
  Tile y(points, columns);
  sweep->forward(c.weights.data(), c.x.data(), y.data());
  using T = Dual<double, Net::inputs>;
  for (int p = 0; p < points; ++p) {
    Vector<T> x(Net::inputs);
    for (int k = 0; k < Net::inputs; ++k) {
      x[k] = c.x(p, k);
      x[k].tangent[k] = 1;
    }
    const Vector<T> truth = values(c.network, c.weights, x);
    for (int o = 0; o < Net::outputs; ++o) {
      CHECK(y(p, o * each) == Approx(truth[o].value).margin(1e-13));
      for (int k = 0; k < Net::inputs; ++k)
        CHECK(y(p, o * each + 1 + k) == Approx(truth[o].tangent[k]).margin(1e-13));
    }
  }

  const Tile d_y = Tile::Random(points, columns);
  Tile d_x(points, Net::inputs);
  Vector<double> d_weights = Vector<double>::Zero(c.weights.size());
  sweep->pullback(c.weights.data(), d_y.data(), d_weights.data(), d_x.data());
  const auto paired = [&](const Vector<double>& weights, const Vector<double>& x) {
    Tile made(points, columns);
    sweep->forward(weights.data(), x.data(), made.data());
    return made.cwiseProduct(d_y).sum();
  };
  const Vector<double> x0 = c.x.reshaped();
  const GradientCheck by_weights =
      check_gradient([&](const Vector<double>& w) { return paired(w, x0); }, c.weights, d_weights, {1e-8});
  INFO(by_weights.message);
  CHECK(by_weights.ok);
  const GradientCheck by_x = check_gradient([&](const Vector<double>& x) { return paired(c.weights, x); }, x0,
                                            Vector<double>(d_x.reshaped()), {1e-8});
  INFO(by_x.message);
  CHECK(by_x.ok);

  // Tangents are the pullback's adjoint: ⟨d_y, tangent⟩ = ⟨d_weights, along⟩.
  const Vector<double> along = relaid<Net, double>(Vector<double>(Vector<double>::Random(c.weights.size())));
  Tile moved(points, columns);
  sweep->forward(c.weights.data(), c.x.data(), y.data());
  sweep->tangent(c.weights.data(), along.data(), moved.data());
  CHECK(moved.cwiseProduct(d_y).sum() == Approx(d_weights.dot(along)));

  PointValueSweep<Net, double, true> alone;
  for (int p = 0; p < points; ++p) {
    const Vector<double> x = c.x.row(p), d = d_y.row(p);
    Vector<double> of_point(columns), moved_point(columns), d_point(Net::inputs);
    alone.forward(c.weights.data(), x.data(), of_point.data());
    alone.tangent(c.weights.data(), along.data(), moved_point.data());
    alone.pullback(c.weights.data(), d.data(), d_point.data());
    CHECK(difference(of_point, Vector<double>(y.row(p))) < 1e-14);
    CHECK(difference(moved_point, Vector<double>(moved.row(p))) < 1e-13);
    CHECK(difference(d_point, Vector<double>(d_x.row(p))) < 1e-13);
  }
}

}  // namespace

TEST_CASE("slopes by the inputs agree with dual numbers, in a tile and alone", "[nn][value_sweep]") {
  check_slopes<Mlp<Tanh, 2, 9, 5, 3>>();
  check_slopes<Mlp<Sin, 1, 5, 1>>();  // one output: a contiguous row
  check_slopes<Mlp<Silu, 3, 6, 6>>();
}

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
