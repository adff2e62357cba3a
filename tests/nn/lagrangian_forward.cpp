#include "metriplex/nn/lagrangian_forward.hpp"

#include "support/catch.hpp"
#include "support/lagrangian_case.hpp"

using namespace metriplex;

namespace {

/// Compares a tile with nested dual numbers in double.
template <class Net, class Scalar>
void check_values(double tolerance) {
  const LagrangianCase<Net, Scalar> c;
  constexpr int half = c.half, inputs = Net::inputs;
  Matrix<double> expected = c.y.template cast<double>();
  for (int p = 0; p < c.points; ++p) {
    const Vector<double, inputs> x = c.c.x.row(p).transpose();
    const auto truth = value_gradient_hessian(
        [&]<class T>(const Vector<T, inputs>& at) {
          return potential(c.c.network, c.c.weights, Vector<T>(at));
        },
        x);
    expected(p, 0) = truth.value;
    expected.row(p).segment(1, inputs) = truth.gradient.transpose();
    for_each_curvature<half>([&](int i, int j, int index) {
      double sum = 0;
      for (int k = 0; k < half && j == half; ++k)
        sum += truth.hessian(half + i, k) * static_cast<double>(c.x(p, inputs + k));
      expected(p, 1 + inputs + index) = j < half ? truth.hessian(half + i, half + j) : sum;
    });
  }
  INFO(Net::Activation::name);
  for (Index k = 0; k < expected.cols(); ++k)
    CHECK(difference(c.y.col(k).template cast<double>(), expected.col(k)) < tolerance);
}

/// Compares tangents with differences.
template <class Net>
void check_tangent() {
  LagrangianCase<Net> c;
  Random random(3);
  Vector<double> along(c.weights.size());
  for (auto& value : along) value = random.normal();
  along = relaid<Net, double>(along);
  auto moved = c.y, again = c.y;
  c.sweep->tangent(c.weights.data(), along.data(), moved.data());
  c.sweep->tangent(c.weights.data(), along.data(), again.data());
  CHECK(moved == again);
  const double step = 1e-5;
  c.forward(c.weights + step * along, c.x);
  const auto ahead = c.y;
  c.forward(c.weights - step * along, c.x);
  CHECK(difference(moved, (ahead - c.y) / (2 * step)) < 1e-8);
}

}  // namespace

TEST_CASE("second derivatives of a Lagrangian agree with dual numbers", "[nn][lagrangian_forward]") {
  check_values<Mlp<Tanh, 4, 9, 5, 1>, double>(1e-13);
  check_values<Mlp<Silu, 2, 5, 1>, double>(1e-13);
  check_values<Mlp<Tanh, 4, 9, 5, 1>, float>(5e-5);
}

TEST_CASE("they change with the weights as differences say", "[nn][lagrangian_forward]") {
  check_tangent<Mlp<Tanh, 4, 9, 5, 1>>();
  check_tangent<Mlp<Silu, 2, 5, 1>>();
}
