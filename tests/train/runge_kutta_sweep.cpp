#include "metriplex/train/runge_kutta_sweep.hpp"

#include "metriplex/autodiff/jacobian.hpp"
#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/flow_case.hpp"

using namespace metriplex;

namespace {

using Small = test::Flow;
using Bound = Small::Bound;
constexpr int points = tile_points<double>, steps = 3;

using test::field_at;

template <class T>
Vector<T, 3> integrate(const Bound& field, Vector<T, 3> x, double length) {
  const double h = length / steps;
  for (int step = 0; step < steps; ++step) {
    const Vector<T, 3> k1 = field_at<T>(field, x), k2 = field_at<T>(field, x + T(h / 2) * k1),
                       k3 = field_at<T>(field, x + T(h / 2) * k2), k4 = field_at<T>(field, x + T(h) * k3);
    x += T(h / 6) * (k1 + T(2) * k2 + T(2) * k3 + k4);
  }
  return x;
}

}  // namespace

TEST_CASE("a tile is integrated, and pulled back through the same steps", "[train][runge_kutta_sweep]") {
  Random random(6);
  const auto normal = [&] { return random.normal(); };
  Small model(1);
  model.initialize(random);
  model.parameters() +=
      Vector<double>::NullaryExpr(model.parameters().size(), [&] { return 0.3 * normal(); });
  const auto z = Vector<double>::Zero(1);
  const Matrix<double> x = Matrix<double>::NullaryExpr(points, 3, normal),
                       weight = Matrix<double>::NullaryExpr(points, 3, normal);
  const Vector<double> lengths =
      Vector<double>::NullaryExpr(points, [&] { return random.uniform(0.1, 0.6); });
  const auto& scaling = model.scaling();

  const auto sweep = std::make_unique<RungeKuttaSweep<Bound, points>>();
  sweep->steps(steps);
  Matrix<double> end(points, 3), cotangent = weight;
  const Bound field = model.bind(z);
  Vector<double> gradient = Vector<double>::Zero(field.weights().size());
  sweep->forward(field.weights().data(), scaling, x.data(), lengths.data(), end.data());
  sweep->pullback(field.weights().data(), scaling, cotangent.data(), gradient.data(), true, true);
  for (int p = 0; p < points; ++p) {
    const auto exact = value_and_jacobian(
        [&]<class V>(const V& at) { return integrate<typename V::Scalar>(field, at, lengths[p]); },
        Vector<double, 3>(x.row(p).transpose()));
    for (int i = 0; i < 3; ++i) {
      CHECK(end(p, i) == Approx(exact.value[i]).epsilon(1e-12).margin(1e-12));
      CHECK(cotangent(p, i) == Approx(exact.jacobian.col(i).dot(weight.row(p))).epsilon(1e-11).margin(1e-11));
    }
  }

  // The weights along lines, by four points.
  const auto value = [&](const Vector<double>& weights) {
    Matrix<double> arrived(points, 3);
    sweep->forward(weights.data(), scaling, x.data(), lengths.data(), arrived.data());
    return arrived.cwiseProduct(weight).sum();
  };
  Vector<double> again = gradient;
  for (int repeat = 0; repeat < 4; ++repeat) {
    const Vector<double> along =
        gradient.unaryExpr([&](double g) { return g == 0 ? 0 : normal(); }).normalized();
    const auto at = [&](double s) { return value(field.weights() + s * along); };
    constexpr double h = 1e-3;
    const double slope = (at(-2 * h) - 8 * at(-h) + 8 * at(h) - at(2 * h)) / (12 * h);
    CHECK(gradient.dot(along) == Approx(slope).epsilon(1e-9).margin(1e-9));
  }
  // What the states' cotangent is not wanted for has the same gradient.
  value(field.weights());
  cotangent = weight;
  sweep->pullback(field.weights().data(), scaling, cotangent.data(), again.data(), false, true);
  CHECK(again == gradient);
}
