#include "metriplex/nn/gradient_sweep.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/autodiff/hessian.hpp"
#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// What the truth knows of a network: nothing at compile time, its weights in the layout of double.
struct Network {
  std::string_view activation;
  std::vector<LayerShape> shapes;
  std::vector<int> weight, leading, bias;
  int size = 0;

  template <class Net>
  static Network of() {
    using Layout = MlpLayout<Net, double>;
    Network network{Net::Activation::name, {}, {}, {}, {}, Layout::size()};
    for (int l = 0; l < Net::layers; ++l) {
      network.shapes.push_back(Net::shape(l));
      network.weight.push_back(Layout::weight(l));
      network.leading.push_back(Layout::leading(l));
      network.bias.push_back(Layout::bias(l));
    }
    return network;
  }
};

template <class T>
T activate(std::string_view name, const T& z) {
  using std::exp, std::log1p, std::sin, std::tanh;
  if (name == "tanh") return tanh(z);
  if (name == "softplus") return log1p(exp(z));
  if (name == "sin") return sin(z);
  return z / (T(1) + exp(-z));
}

/// The truth: the network by its definition, in any scalar.
template <class Weight, class T>
T potential(const Network& net, const Vector<Weight>& weights, const Vector<T>& x) {
  Vector<T> h = x;
  for (const LayerShape& shape : net.shapes) {
    const std::size_t l = std::size_t(shape.index);
    Vector<T> next(shape.out);
    for (int i = 0; i < shape.out; ++i) {
      T z(weights(net.bias[l] + i));
      for (int j = 0; j < shape.in; ++j) z += weights(net.weight[l] + i + j * net.leading[l]) * h(j);
      next(i) = shape.last ? z : activate(net.activation, z);
    }
    h = next;
  }
  return h(0);
}

/// A network at points, with cotangents; numbers that float holds exactly, so that both scalars see the same.
struct Case {
  Network network;
  Vector<double> weights;
  Matrix<double> x, d_gradient;  ///< [points x inputs]
  Vector<double> d_value;        ///< [points]

  Case(const Network& net, int points, std::uint64_t seed = 1) : network(net) {
    Random random(seed);
    const auto draw = [&](Index rows, Index columns, double scale) {
      return Matrix<double>(Matrix<double>::NullaryExpr(
          rows, columns, [&] { return static_cast<double>(static_cast<float>(scale * random.normal())); }));
    };
    weights.setZero(net.size);
    for (const LayerShape& shape : net.shapes) {
      const std::size_t l = std::size_t(shape.index);
      const Matrix<double> w = draw(shape.out, shape.in, 1.2 / std::sqrt(shape.in));
      for (int j = 0; j < shape.in; ++j)
        weights.segment(net.weight[l] + j * net.leading[l], shape.out) = w.col(j);
      weights.segment(net.bias[l], shape.out) = draw(shape.out, 1, 0.3);
    }
    const int inputs = net.shapes[0].in;
    x = draw(points, inputs, 1);
    d_gradient = draw(points, inputs, 1);
    d_value = draw(points, 1, 1);
  }
};

/// What a sweep, or the truth, makes of a case. The weights' gradient is in the layout of double.
struct Results {
  Vector<double> value;
  Matrix<double> gradient, d_x;
  Vector<double> d_weights;
};

/// Moves weights between the layouts of two scalars; padding that is not zero comes back as `padding`.
template <class Net, class To, class From>
Vector<To> relaid(const Vector<From>& weights, double* padding = nullptr) {
  Vector<To> to = Vector<To>::Zero(MlpLayout<Net, To>::size());
  Vector<From> rest = weights;
  for (int l = 0; l < Net::layers; ++l) {
    const auto from = layer_view<Net>(rest.data(), l);
    auto layer = layer_view<Net>(to.data(), l);
    layer.weight = from.weight.template cast<To>();
    layer.bias = from.bias.template cast<To>();
    LayerView<From> taken = from;
    taken.weight.setZero();
    taken.bias.setZero();
  }
  if (padding != nullptr) *padding = double(rest.cwiseAbs().maxCoeff());
  return to;
}

Results truth(const Case& c) {
  using Along = Dual<double, 1>;  // along the cotangent of the gradient
  using Twice = Dual<Along, 1>;   // and then along one component of x or the weights
  Results r{c.d_value, c.x, c.x, Vector<double>::Zero(c.weights.size())};
  Vector<Twice> x(c.x.cols()), weights = c.weights.cast<Twice>();
  for (Index p = 0; p < c.x.rows(); ++p) {
    for (Index i = 0; i < x.size(); ++i) x(i) = Twice(Along(c.x(p, i), {c.d_gradient(p, i)}));
    r.value(p) = potential(c.network, weights, x).value.value;
    const auto slope = [&](Twice& variable) {
      variable.tangent[0] = Along(1);
      const Along along = potential(c.network, weights, x).tangent[0];
      variable.tangent[0] = Along(0);
      return along;
    };
    for (Index i = 0; i < x.size(); ++i) {
      const Along d = slope(x(i));
      r.gradient(p, i) = d.value;
      r.d_x(p, i) = c.d_value(p) * d.value + d.tangent[0];
    }
    for (Index k = 0; k < weights.size(); ++k) {
      const Along d = slope(weights(k));
      r.d_weights(k) += c.d_value(p) * d.value + d.tangent[0];
    }
  }
  return r;
}

template <class Net, class Scalar, int Points>
Results swept(const Case& c) {
  auto sweep = std::make_unique<GradientSweep<Net, Scalar, Points>>();
  const Vector<Scalar> weights = relaid<Net, Scalar>(c.weights), d_value = c.d_value.template cast<Scalar>();
  const Matrix<Scalar> x = c.x.template cast<Scalar>(), d_gradient = c.d_gradient.template cast<Scalar>();
  Vector<Scalar> value(Points), d_weights = Vector<Scalar>::Zero(weights.size());
  Matrix<Scalar> gradient(Points, Net::inputs), d_x(Points, Net::inputs);
  sweep->template forward<true>(weights.data(), x.data(), value.data(), gradient.data());
  sweep->pullback(weights.data(), d_value.data(), d_gradient.data(), Points == 1 ? nullptr : d_weights.data(),
                  d_x.data());
  double padding = 0;
  Results r{value.template cast<double>(), gradient.template cast<double>(), d_x.template cast<double>(),
            relaid<Net, double>(d_weights, &padding)};
  CHECK(padding == 0);
  return r;
}

/// Returns the largest difference, relative to the largest entry.
double difference(const Matrix<double>& a, const Matrix<double>& b) {
  return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
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

/// Compares one point alone with the same point in a tile.
template <class Net, class Scalar>
void check_single() {
  constexpr int points = lanes<Scalar>;
  const Case c(Network::of<Net>(), points);
  const Results tile = swept<Net, Scalar, points>(c);
  const double tolerance = 100 * double(std::numeric_limits<Scalar>::epsilon());
  for (int p = 0; p < points; ++p) {
    Case alone(Network::of<Net>(), 1);
    alone.x = c.x.row(p);
    alone.d_gradient = c.d_gradient.row(p);
    alone.d_value = c.d_value.segment(p, 1);
    const Results single = swept<Net, Scalar, 1>(alone);
    REQUIRE(std::abs(single.value(0) - tile.value(p)) < tolerance * tile.value.cwiseAbs().maxCoeff());
    REQUIRE((single.gradient - tile.gradient.row(p)).norm() < tolerance * tile.gradient.norm());
    REQUIRE((single.d_x - tile.d_x.row(p)).norm() < tolerance * tile.d_x.norm());
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

TEST_CASE("one point alone gives what it gives in a tile", "[nn][gradient_sweep]") {
  check_single<Small, double>();
  check_single<Odd, double>();
  check_single<Deep, double>();
  check_single<Wide, double>();
  check_single<Deep, float>();
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

TEST_CASE("one point can be pulled back along every direction, which gives the Hessian",
          "[nn][gradient_sweep]") {
  using Net = Wide;
  const Case c(Network::of<Net>(), 1, 4);
  const Vector<double, 4> x = c.x.row(0).transpose();
  const auto expected = value_gradient_hessian(
      [&]<class T>(const Vector<T, 4>& y) { return potential(c.network, c.weights, Vector<T>(y)); }, x);
  const auto sweep = std::make_unique<GradientSweep<Net, double, 1>>();
  Vector<double, 4> gradient;
  Matrix<double, 4, 4> hessian;
  sweep->forward<true>(c.weights.data(), x.data(), nullptr, gradient.data());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i) {
      const Vector<double, 4> unit = Vector<double, 4>::Unit(i);
      sweep->pullback(c.weights.data(), nullptr, unit.data(), nullptr, hessian.col(i).data());
    }
    CHECK(difference(gradient, expected.gradient) < 1e-13);
    CHECK(difference(hessian, expected.hessian) < 1e-13);
    CHECK(difference(hessian, hessian.transpose()) < 1e-13);
  }
  // A cotangent of the value pulls back to the gradient.
  const Vector<double, 4> zero = Vector<double, 4>::Zero();
  const double two = 2;
  Vector<double, 4> d_x;
  sweep->pullback(c.weights.data(), &two, zero.data(), nullptr, d_x.data());
  CHECK(difference(d_x, Vector<double, 4>(2 * expected.gradient)) < 1e-13);
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
