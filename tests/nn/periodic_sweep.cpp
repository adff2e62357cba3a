#include "metriplex/nn/periodic_sweep.hpp"

#include <memory>
#include <numbers>

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/nn/gradient_sweep.hpp"
#include "metriplex/nn/point_sweep.hpp"
#include "metriplex/nn/point_value_sweep.hpp"
#include "metriplex/nn/value_sweep.hpp"
#include "support/catch.hpp"
#include "support/network_case.hpp"

using namespace metriplex;

namespace {

constexpr int points = 2 * lanes<double>;  // more than one, whatever the compiler
using Tile = Eigen::Matrix<double, points, Eigen::Dynamic>;
using Inner = Mlp<Tanh, 3, 7, 5, 1>;
using Net = Periodic<Inner, 0>;
using Inners = Mlp<Silu, 4, 6, 2>;
using Nets = Periodic<Inners, 1, 0>;
using Potential = PeriodicSweep<Net, GradientSweep<Inner, double, points>, double, true, false>;
using PointPotential = PeriodicSweep<Net, PointSweep<Inner, double>, double, true, false>;
using Jets = PeriodicSweep<Nets, ValueSweep<Inners, double, points, true>, double, false, true>;
using PointJets = PeriodicSweep<Nets, PointValueSweep<Inners, double, true>, double, false, true>;
using Values = PeriodicSweep<Nets, ValueSweep<Inners, double, points>, double, false, false>;

/// What a sweep gives at a tile: the slopes of a potential, or what a network has for outputs.
template <class Sweep>
Tile made(Sweep& sweep, const Vector<double>& weights, const Tile& x, int columns) {
  Tile y(points, columns);
  if constexpr (requires { sweep.template forward<true>(nullptr, nullptr, nullptr, nullptr); })
    sweep.template forward<true>(weights.data(), x.data(), nullptr, y.data());
  else
    sweep.forward(weights.data(), x.data(), y.data());
  return y;
}

/// Checks pullback and tangent with differences, and that a turn changes nothing.
template <class Sweep>
void check_tile(const Vector<double>& weights, int rows, int columns) {
  const auto sweep = std::make_unique<Sweep>();
  const Tile x = Tile::Random(points, rows), d = Tile::Random(points, columns);
  Tile turned = x, d_x(points, rows), moved(points, columns);
  turned.col(0).array() += 2 * std::numbers::pi;
  const Tile y = made(*sweep, weights, x, columns);
  CHECK((made(*sweep, weights, turned, columns) - y).norm() <= 1e-13 * y.norm());

  Vector<double> d_weights = Vector<double>::Zero(weights.size());
  const Vector<double> along =
      Vector<double>::Random(weights.size()).cwiseProduct((weights.array() != 0).cast<double>().matrix());
  made(*sweep, weights, x, columns);
  sweep->tangent(weights.data(), along.data(), moved.data());
  if constexpr (requires { sweep->template forward<true>(nullptr, nullptr, nullptr, nullptr); })
    sweep->pullback(weights.data(), nullptr, d.data(), d_weights.data(), d_x.data());
  else
    sweep->pullback(weights.data(), d.data(), d_weights.data(), d_x.data());
  CHECK(moved.cwiseProduct(d).sum() == Approx(d_weights.dot(along)));
  const auto by_weights = [&](const Vector<double>& w) {
    return made(*sweep, w, x, columns).cwiseProduct(d).sum();
  };
  CHECK(check_gradient(by_weights, weights, d_weights, {1e-8}).ok);
  const auto by_x = [&](const Vector<double>& at) {
    return made(*sweep, weights, at.reshaped(points, rows), columns).cwiseProduct(d).sum();
  };
  const GradientCheck states =
      check_gradient(by_x, Vector<double>(x.reshaped()), Vector<double>(d_x.reshaped()), {1e-8});
  INFO(states.message);
  CHECK(states.ok);
}

}  // namespace

TEST_CASE("a periodic potential is that of cosine and sine, and its gradient is by the angle",
          "[nn][periodic_sweep]") {
  const Vector<double> weights = Case(Network::of<Inner>(), 1).weights;
  Potential sweep;
  const Tile x = Tile::Random(points, 2);
  Tile gradient(points, 2);
  Vector<double> value(points);
  sweep.forward<true>(weights.data(), x.data(), value.data(), gradient.data());
  PointPotential alone;
  for (int p = 0; p < points; ++p) {
    using T = Dual<double, 2>;
    T q = x(p, 0), v = x(p, 1);
    q.tangent[0] = v.tangent[1] = 1;
    const T truth = potential(Network::of<Inner>(), weights, Vector<T>{{cos(q), sin(q), v}});
    CHECK(value[p] == Approx(truth.value));
    CHECK(gradient(p, 0) == Approx(truth.tangent[0]));
    CHECK(gradient(p, 1) == Approx(truth.tangent[1]));
    const Vector<double> at = x.row(p), d{{0.3, -1.2}};
    Vector<double> slope(2), d_x(2);
    double energy;
    alone.forward<true>(weights.data(), at.data(), &energy, slope.data());
    CHECK(energy == Approx(value[p]));
    CHECK((slope - gradient.row(p).transpose()).norm() <= 1e-13);
    alone.pullback(weights.data(), nullptr, d.data(), d_x.data());
    const auto along = [&](const Vector<double>& y) {
      alone.forward<true>(weights.data(), y.data(), nullptr, slope.data());
      return slope.dot(d);
    };
    CHECK(check_gradient(along, at, d_x, {1e-8}).ok);
  }
}

TEST_CASE("periodic networks pull back to weights and angles", "[nn][periodic_sweep]") {
  check_tile<Potential>(Case(Network::of<Inner>(), 1).weights, 2, 2);
  const Vector<double> weights = Case(Network::of<Inners>(), 1).weights;
  check_tile<Jets>(weights, 2, 6);
  check_tile<Values>(weights, 2, 2);
  const auto tile = std::make_unique<Jets>();
  PointJets alone;
  const Tile x = Tile::Random(points, 2), y = made(*tile, weights, x, 6);
  const Vector<double> at = x.row(1), d = Vector<double>::Random(6);
  Vector<double> of_point(6), d_x(2);
  alone.forward(weights.data(), at.data(), of_point.data());
  CHECK((of_point - y.row(1).transpose()).norm() <= 1e-13);
  alone.pullback(weights.data(), d.data(), d_x.data());
  const auto along = [&](const Vector<double>& to) {
    alone.forward(weights.data(), to.data(), of_point.data());
    return of_point.dot(d);
  };
  CHECK(check_gradient(along, at, d_x, {1e-8}).ok);
}
