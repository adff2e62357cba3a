#include "metriplex/nn/gradient_sweep.hpp"

#include <limits>
#include <memory>
#include <type_traits>
#include <vector>

#include "metriplex/autodiff/check_gradient.hpp"
#include "support/catch.hpp"
#include "support/network_case.hpp"

using namespace metriplex;

namespace {

template <class Net, class Scalar, int Points>
Results swept(const Case& c) {
  auto sweep = std::make_unique<GradientSweep<Net, Scalar, Points>>();
  const Vector<Scalar> weights = relaid<Net, Scalar>(c.weights), d_value = c.d_value.template cast<Scalar>();
  const Matrix<Scalar> x = c.x.template cast<Scalar>(), d_gradient = c.d_gradient.template cast<Scalar>();
  Vector<Scalar> value(Points), d_weights = Vector<Scalar>::Zero(weights.size());
  Matrix<Scalar> gradient(Points, Net::inputs), d_x(Points, Net::inputs);
  sweep->template forward<true>(weights.data(), x.data(), value.data(), gradient.data());
  sweep->pullback(weights.data(), d_value.data(), d_gradient.data(), d_weights.data(), d_x.data());
  double padding = 0;
  Results r{value.template cast<double>(), gradient.template cast<double>(), d_x.template cast<double>(),
            relaid<Net, double>(d_weights, &padding)};
  CHECK(padding == 0);
  return r;
}

/// Compares a tile in one scalar with dual numbers in double.
template <class Net, class Scalar, int packs>
void check_tile() {
  constexpr int points = packs * lanes<Scalar>;
  const Case c(Network::of<Net>(), points);
  const Results got = swept<Net, Scalar, points>(c), expected = truth(c);
  const double tolerance = sizeof(Scalar) == 8 ? 1e-13 : 5e-5;
  INFO(Net::Activation::name << ", " << points << " points, " << sizeof(Scalar) << " bytes");
  CHECK(difference(got.value, expected.value) < tolerance);
  CHECK(difference(got.gradient, expected.gradient) < tolerance);
  CHECK(difference(got.d_x, expected.d_x) < tolerance);
  // Layer by layer, since one layer's gradient may be far smaller than another's.
  for (int l = 0; l < Net::layers; ++l) {
    INFO("layer " << l);
    const auto ours = layer_view<Net>(got.d_weights.data(), l),
               theirs = layer_view<Net>(expected.d_weights.data(), l);
    CHECK(difference(ours.weight, theirs.weight) < tolerance);
    CHECK(difference(ours.bias, theirs.bias) < tolerance);
  }
}

using Small = Mlp<Tanh, 2, 3, 1>;
using Odd = Mlp<Softplus, 3, 9, 5, 1>;
using Deep = Mlp<Sin, 1, 5, 17, 3, 1>;
using Wide = Mlp<Silu, 4, 17, 9, 1>;

}  // namespace

TEST_CASE("a tile's values, gradients and pullbacks agree with nested dual numbers", "[nn][gradient_sweep]") {
  check_tile<Small, double, 4>();
  check_tile<Odd, double, 1>();
  check_tile<Deep, double, 1>();
  check_tile<Wide, double, 1>();
}

TEST_CASE("a tile in float agrees with dual numbers in double", "[nn][gradient_sweep]") {
  check_tile<Small, float, 1>();
  check_tile<Deep, float, 1>();
}

TEST_CASE("a tile's pullback to the weights agrees with differences of its own gradients",
          "[nn][gradient_sweep]") {
  using Net = Odd;
  constexpr int points = lanes<double>;
  Case c(Network::of<Net>(), points, 2);
  const auto sweep = std::make_unique<GradientSweep<Net, double, points>>();
  const auto loss = [&](const Vector<double>& weights) {
    Vector<double> value(points);
    Matrix<double> gradient(points, Net::inputs);
    sweep->forward<false>(weights.data(), c.x.data(), value.data(), gradient.data());
    return value.dot(c.d_value) + gradient.cwiseProduct(c.d_gradient).sum();
  };
  const Vector<double> claimed = swept<Net, double, points>(c).d_weights;
  const GradientCheck check = check_gradient(loss, c.weights, claimed, {.tolerance = 1e-7});
  INFO(check.message);
  CHECK(check.ok);
}

TEST_CASE("a pullback adds to the weights' gradient and replaces that of the points",
          "[nn][gradient_sweep]") {
  using Net = Small;
  constexpr int points = 4 * lanes<double>;
  const Case c(Network::of<Net>(), points);
  const Results once = swept<Net, double, points>(c);
  const auto sweep = std::make_unique<GradientSweep<Net, double, points>>();
  const Vector<double> start = Case(Network::of<Net>(), points, 3).weights;
  Vector<double> d_weights = start;
  Matrix<double> gradient(points, Net::inputs), d_x = Matrix<double>::Constant(points, Net::inputs, 7);
  for (int k = 1; k <= 2; ++k) {
    sweep->forward<true>(c.weights.data(), c.x.data(), nullptr, gradient.data());
    sweep->pullback(c.weights.data(), c.d_value.data(), c.d_gradient.data(), d_weights.data(), d_x.data());
    CHECK(difference(d_weights, Vector<double>(start + k * once.d_weights)) < 1e-14);
    CHECK(d_x == once.d_x);
  }
}

TEST_CASE("what is not asked of a sweep does not change the rest", "[nn][gradient_sweep]") {
  using Net = Small;
  constexpr int points = 4 * lanes<double>;
  Case c(Network::of<Net>(), points);
  c.d_value.setZero();
  const Results full = swept<Net, double, points>(c);
  const auto sweep = std::make_unique<GradientSweep<Net, double, points>>();
  Vector<double> value(points), d_weights = Vector<double>::Zero(c.weights.size());
  Matrix<double> gradient(points, Net::inputs), d_x(points, Net::inputs);
  const double* weights = c.weights.data();

  sweep->forward<false>(weights, c.x.data(), value.data(), gradient.data());
  CHECK(value == full.value);
  CHECK(gradient == full.gradient);

  // No cotangent of the value is a cotangent of zero.
  sweep->forward<true>(weights, c.x.data(), nullptr, gradient.data());
  CHECK(gradient == full.gradient);
  sweep->pullback(weights, nullptr, c.d_gradient.data(), d_weights.data(), nullptr);
  CHECK(d_weights == full.d_weights);

  sweep->forward<true>(weights, c.x.data(), nullptr, gradient.data());
  sweep->pullback(weights, nullptr, c.d_gradient.data(), nullptr, d_x.data());
  CHECK(d_x == full.d_x);
}

TEST_CASE("the points of a tile know nothing of each other", "[nn][gradient_sweep]") {
  using Net = Small;
  constexpr int points = 4 * lanes<double>;
  Case c(Network::of<Net>(), points);
  const Results clean = swept<Net, double, points>(c);
  c.x(1, 0) = std::numeric_limits<double>::quiet_NaN();
  const Results poisoned = swept<Net, double, points>(c);
  CHECK(std::isnan(poisoned.value(1)));
  CHECK(poisoned.gradient.row(1).hasNaN());
  for (int p = 0; p < points; ++p) {
    if (p == 1) continue;
    REQUIRE(poisoned.value(p) == clean.value(p));
    REQUIRE(poisoned.gradient.row(p) == clean.gradient.row(p));
    REQUIRE(poisoned.d_x.row(p) == clean.d_x.row(p));
  }
}
