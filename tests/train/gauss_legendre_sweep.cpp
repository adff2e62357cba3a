#include "metriplex/train/gauss_legendre_sweep.hpp"

#include "metriplex/autodiff/jacobian.hpp"
#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/flow_case.hpp"

using namespace metriplex;

namespace {

using Small = test::Flow;
using Bound = Small::Bound;
constexpr int points = tile_points<double>;

using test::field_at;

/// Steps of the collocation method, their stages by so many fixed-point sweeps: nothing of Newton's method, nor of implicit functions.
template <class T>
Vector<T, 3> integrate(const Bound& field, const GaussCoefficients& method, Vector<T, 3> x, double length,
                       int steps) {
  for (int step = 0; step < steps; ++step) {
    std::array<Vector<T, 3>, 3> z, rate;
    for (auto& increment : z) increment.setConstant(T(0));
    for (int sweep = 0; sweep < 80; ++sweep) {
      for (int j = 0; j < method.stages; ++j) rate[j] = field_at<T>(field, x + z[j]);
      for (int i = 0; i < method.stages; ++i) {
        z[i].setConstant(T(0));
        for (int j = 0; j < method.stages; ++j) z[i] += T(method.a[i][j] * length / steps) * rate[j];
      }
    }
    for (int j = 0; j < method.stages; ++j) x += T(method.d[j]) * z[j];
  }
  return x;
}

struct Fixture {
  Small model{1};
  Matrix<double> x, weight;
  Vector<double> lengths;

  Fixture() {
    Random random(6);
    const auto normal = [&] { return random.normal(); };
    model.initialize(random);
    model.parameters() +=
        Vector<double>::NullaryExpr(model.parameters().size(), [&] { return 0.3 * normal(); });
    x = Matrix<double>::NullaryExpr(points, 3, normal);
    weight = Matrix<double>::NullaryExpr(points, 3, normal);
    lengths = Vector<double>::NullaryExpr(points, [&] { return random.uniform(0.1, 0.6); });
  }
};

}  // namespace

TEST_CASE("a tile is integrated by implicit steps, and pulled back through them",
          "[train][gauss_legendre_sweep]") {
  Fixture f;
  const Bound field = f.model.bind(Vector<double>::Zero(1));
  const auto& scaling = f.model.scaling();
  const auto sweep = std::make_unique<GaussLegendreSweep<Bound, points>>();
  for (const int stages : {1, 2, 3}) {
    constexpr int steps = 2;
    const auto method = GaussCoefficients::of(stages);
    sweep->steps(method, steps);
    Matrix<double> end(points, 3), cotangent = f.weight;
    Vector<double> gradient = Vector<double>::Zero(field.weights().size());
    sweep->forward(field.weights().data(), scaling, f.x.data(), f.lengths.data(), end.data());
    sweep->pullback(field.weights().data(), scaling, cotangent.data(), gradient.data(), true, true);
    for (int p = 0; p < points; ++p) {
      const auto exact = value_and_jacobian(
          [&]<class V>(const V& at) {
            return integrate<typename V::Scalar>(field, method, at, f.lengths[p], steps);
          },
          Vector<double, 3>(f.x.row(p).transpose()));
      for (int i = 0; i < 3; ++i) {
        CHECK(end(p, i) == Approx(exact.value[i]).epsilon(1e-12).margin(1e-12));
        CHECK(cotangent(p, i) ==
              Approx(exact.jacobian.col(i).dot(f.weight.row(p))).epsilon(1e-11).margin(1e-11));
      }
    }
    // The weights along lines, by four points.
    Random random(stages);
    const auto value = [&](const Vector<double>& weights) {
      Matrix<double> arrived(points, 3);
      sweep->forward(weights.data(), scaling, f.x.data(), f.lengths.data(), arrived.data());
      return arrived.cwiseProduct(f.weight).sum();
    };
    for (int repeat = 0; repeat < 3; ++repeat) {
      const Vector<double> along =
          gradient.unaryExpr([&](double g) { return g == 0 ? 0 : random.normal(); }).normalized();
      const auto at = [&](double s) { return value(field.weights() + s * along); };
      constexpr double h = 1e-3;
      const double slope = (at(-2 * h) - 8 * at(-h) + 8 * at(h) - at(2 * h)) / (12 * h);
      CHECK(gradient.dot(along) == Approx(slope).epsilon(1e-9).margin(1e-9));
    }
  }
}

TEST_CASE("implicit steps have the order of their method", "[train][gauss_legendre_sweep]") {
  Fixture f;
  f.lengths.setConstant(1.5);
  const Bound field = f.model.bind(Vector<double>::Zero(1));
  const auto sweep = std::make_unique<GaussLegendreSweep<Bound, points>>();
  const auto arrive = [&](int stages, int steps) {
    Matrix<double> end(points, 3);
    sweep->steps(GaussCoefficients::of(stages), steps);
    sweep->forward(field.weights().data(), f.model.scaling(), f.x.data(), f.lengths.data(), end.data());
    return end;
  };
  const Matrix<double> exact = arrive(3, 64);
  for (const int stages : {1, 2, 3}) {
    const double coarse = (arrive(stages, 8) - exact).norm(), fine = (arrive(stages, 16) - exact).norm();
    CHECK(std::log2(coarse / fine) == Approx(2 * stages).margin(0.4));
  }
}
