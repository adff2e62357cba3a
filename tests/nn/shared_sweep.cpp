#include "metriplex/nn/shared_sweep.hpp"

#include <memory>

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/nn/point_sweep.hpp"
#include "support/catch.hpp"
#include "support/network_case.hpp"

using namespace metriplex;

namespace {

constexpr int sites = 5;
using Pair = Mlp<Tanh, 1, 6, 1>;
using Site = Mlp<Silu, 1, 5, 1>;
using Springs = Shared<Pair, Chain<sites>>;
using Net = SumOf<Springs, Shared<Site, Sites<sites>>>;

template <class Scalar, int Points>
using Rows = Eigen::Matrix<Scalar, Points, sites>;

Scaling<double, sites + 1> units() {
  Scaling<double, sites + 1> scale;
  scale.mean << 9, 0.1, 0.3, -0.2, 0.2, 0.4;
  scale.inverse_scale << 9, 0.5, 0.8, 1.2, 0.9, 1.1;
  return scale;
}

Vector<double> random_weights() {
  Vector<double> weights(MlpLayout<Net, double>::size());
  weights << Case(Network::of<Pair>(), 1, 2).weights, Case(Network::of<Site>(), 1, 3).weights;
  return weights;
}

/// The truth in any scalar: each group by itself, from the definition of the network and of its units.
template <class T>
T truth(const Vector<T>& weights, const Vector<T>& x) {
  const auto scale = units();
  const auto mean = scale.mean.tail<sites>();
  const Vector<double, sites> square = scale.inverse_scale.tail<sites>().cwiseAbs2().cwiseInverse();
  const auto at = [&](int i) { return i < 0 || i >= sites ? T(0) : x[i]; };
  // Means of the differences cancel but for the walls, where they cancel too.
  const double spring = std::sqrt(2 * square.sum() / (sites + 1)), site = std::sqrt(square.sum() / sites);
  const Index split = MlpLayout<Pair, double>::size();
  const Vector<T> of_pair = weights.head(split), of_site = weights.tail(weights.size() - split);
  T sum(0);
  for (int i = 0; i <= sites; ++i)
    sum += potential(Network::of<Pair>(), of_pair, Vector<T>{{(at(i) - at(i - 1)) / spring}});
  for (int i = 0; i < sites; ++i)
    sum += potential(Network::of<Site>(), of_site, Vector<T>{{(x[i] - mean.mean()) / site}});
  return sum;
}

template <class Scalar, int Points>
std::unique_ptr<SharedSweep<Net, Scalar, Points>> prepared() {
  auto sweep = std::make_unique<SharedSweep<Net, Scalar, Points>>();
  const auto scale = units();
  Scaling<Scalar, sites + 1> same;
  same.mean = scale.mean.template cast<Scalar>();
  same.inverse_scale = scale.inverse_scale.template cast<Scalar>();
  sweep->prepare(same, 1);
  return sweep;
}

/// Checks value, slopes and all that is pulled back with differences and dual numbers.
template <int Points>
void check_sweep() {
  using Tile = Rows<double, Points>;
  const Vector<double> weights = random_weights();
  const auto sweep = prepared<double, Points>();
  const Tile x = Tile::Random(), d = Tile::Random();
  const Vector<double, Points> d_value = Vector<double, Points>::Random();
  Tile slopes, d_x, moved;
  Vector<double, Points> value;
  sweep->template forward<true>(weights.data(), x.data(), value.data(), slopes.data());
  for (int p = 0; p < Points; ++p) {
    using T = Dual<double, sites>;
    Vector<T> at(sites);
    for (int i = 0; i < sites; ++i) {
      at[i] = x(p, i);
      at[i].tangent[std::size_t(i)] = 1;
    }
    const T exact = truth<T>(weights.cast<T>(), at);
    CHECK(value[p] == Approx(exact.value));
    for (int i = 0; i < sites; ++i) CHECK(slopes(p, i) == Approx(exact.tangent[std::size_t(i)]));
  }

  const auto paired = [&](const Vector<double>& w, const Tile& states) {
    Tile gradient;
    Vector<double, Points> energy;
    const auto other = prepared<double, Points>();
    other->template forward<false>(w.data(), states.data(), energy.data(), gradient.data());
    return gradient.cwiseProduct(d).sum() + energy.dot(d_value);
  };
  const Vector<double> along =
      Vector<double>::Random(weights.size()).cwiseProduct((weights.array() != 0).cast<double>().matrix());
  sweep->tangent(weights.data(), along.data(), moved.data());
  Vector<double> d_weights = Vector<double>::Zero(weights.size());
  if constexpr (Points > 1) {
    sweep->pullback(weights.data(), nullptr, d.data(), d_weights.data(), nullptr, true);
    CHECK(moved.cwiseProduct(d).sum() == Approx(d_weights.dot(along)));
    d_weights.setZero();
    sweep->pullback(weights.data(), d_value.data(), d.data(), d_weights.data(), d_x.data());
    const auto by_weights = [&](const Vector<double>& w) { return paired(w, x); };
    CHECK(check_gradient(by_weights, weights, d_weights, {1e-8}).ok);
  } else {
    const auto tile = prepared<double, lanes<double>>();
    using Full = Rows<double, lanes<double>>;
    Full many = x.replicate(lanes<double>, 1), by_tile;
    tile->template forward<true>(weights.data(), many.data(), nullptr, by_tile.data());
    tile->tangent(weights.data(), along.data(), by_tile.data());
    CHECK((by_tile.row(0) - moved).norm() <= 1e-13);
    for (int twice = 0; twice < 2; ++twice)
      sweep->pullback(weights.data(), d_value.data(), d.data(), d_x.data());
    Tile after;
    sweep->tangent(weights.data(), along.data(), after.data());
    CHECK(after == moved);
  }
  const auto by_x = [&](const Vector<double>& at) { return paired(weights, at.reshaped(Points, sites)); };
  const GradientCheck states =
      check_gradient(by_x, Vector<double>(x.reshaped()), Vector<double>(d_x.reshaped()), {1e-8});
  INFO(states.message);
  CHECK(states.ok);
}

}  // namespace

TEST_CASE("a shared network is the sum of its groups, and pulls back to weights and components",
          "[nn][shared_sweep]") {
  check_sweep<lanes<double>>();
  check_sweep<1>();

  // In float as in double.
  using Tile = Rows<double, lanes<float>>;
  const Vector<double> weights = random_weights();
  Vector<float> same(MlpLayout<Net, float>::size());
  same << relaid<Pair, float>(Vector<double>(weights.head(MlpLayout<Pair, double>::size()))),
      relaid<Site, float>(Vector<double>(weights.tail(MlpLayout<Site, double>::size())));
  const Tile x = Tile::Random();
  const Rows<float, lanes<float>> single = x.cast<float>();
  Rows<float, lanes<float>> in_float;
  Tile slopes;
  prepared<float, lanes<float>>()->forward<true>(same.data(), single.data(), nullptr, in_float.data());
  prepared<double, lanes<float>>()->forward<true>(weights.data(), x.data(), nullptr, slopes.data());
  CHECK((in_float.cast<double>() - slopes).norm() <= 1e-5 * slopes.norm());
}

TEST_CASE("what is shared by all pairs knows neither where they are nor which is which",
          "[nn][shared_sweep]") {
  constexpr int particles = 7;  // 21 pairs, more than are seen at once
  using Even = Shared<Pair, AllPairs<particles>>;
  using State = Vector<double, particles>;
  Scaling<double, particles> scale;
  scale.mean = State::Constant(100) + 0.3 * State::Random();
  scale.inverse_scale = State::Constant(1.5) + State::Random();
  Vector<double> weights = Case(Network::of<Pair>(), 1, 2).weights;
  const auto sweep = std::make_unique<SharedSweep<Even, double, 1>>();
  sweep->prepare(scale, 0);
  const State x = State::Random(), d = State::Random(), shifted = (x.array() + 0.375).matrix();
  State slopes, moved, d_x;
  double value, same;
  sweep->forward<false>(weights.data(), shifted.data(), &same, moved.data());
  sweep->forward<true>(weights.data(), x.data(), &value, slopes.data());
  CHECK(same == Approx(value).epsilon(1e-14));
  CHECK((moved - slopes).norm() <= 1e-14 * slopes.norm());
  CHECK(std::abs(slopes.sum()) <= 1e-13 * slopes.norm());
  sweep->pullback(weights.data(), nullptr, d.data(), d_x.data());
  const auto along = [&](const State& at) {
    sweep->forward<false>(weights.data(), at.data(), nullptr, moved.data());
    return moved.dot(d);
  };
  CHECK(check_gradient(along, x, d_x, {1e-8}).ok);

  // Even in the difference, φ(r) + φ(−r), it takes particles in any order.
  Scaling<double, particles> centred = scale;
  centred.mean.setZero();
  const State turned = x.reverse();
  const auto both = [&](const State& at, State& gradient) {
    double there, back;
    State other;
    sweep->prepare(centred, 0);
    sweep->forward<false>(weights.data(), at.data(), &there, gradient.data());
    sweep->forward<false>(weights.data(), State(-at).data(), &back, other.data());
    gradient -= other;
    return there + back;
  };
  State reversed;
  CHECK(both(turned, reversed) == Approx(both(x, slopes)).epsilon(1e-14));
  CHECK((reversed.reverse() - slopes).norm() <= 1e-13 * slopes.norm());

  // Relative to their means they are the same.
  const Scaling<double, particles> relative = scale.centred();
  sweep->prepare(relative, 0);
  sweep->forward<false>(weights.data(), State(x - scale.mean).data(), &same, moved.data());
  sweep->prepare(scale, 0);
  sweep->forward<false>(weights.data(), x.data(), &value, slopes.data());
  CHECK(same == Approx(value).epsilon(1e-12));
  CHECK((moved - slopes).norm() <= 1e-12 * slopes.norm());
}
