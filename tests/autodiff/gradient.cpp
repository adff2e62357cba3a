#include "metriplex/autodiff/gradient.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("the gradient of a function comes with its value", "[autodiff][gradient]") {
  const auto f = [](const auto& x) {
    using std::sin;
    return x(0) * x(0) * sin(x(1)) + 2 * x(2);
  };
  const Vector<double, 3> x(1.5, 0.3, -2);
  const auto [value, slope] = value_and_gradient(f, x);
  CHECK(value == f(x));
  CHECK(slope(0) == Approx(2 * 1.5 * std::sin(0.3)).epsilon(1e-15));
  CHECK(slope(1) == Approx(1.5 * 1.5 * std::cos(0.3)).epsilon(1e-15));
  CHECK(slope(2) == 2);
  CHECK(gradient(f, x) == slope);
}

TEST_CASE("the gradient takes expressions, Eigen reductions, constants and float", "[autodiff][gradient]") {
  Matrix<double, 2, Eigen::Dynamic> points(2, 3);
  points << 1, 2, 3, 4, 5, 6;
  const auto half_square = [](const auto& x) { return 0.5 * x.squaredNorm(); };
  CHECK(gradient(half_square, points.col(1)) == points.col(1));
  CHECK(gradient(half_square, Vector<float, 2>(3, 4)) == Vector<float, 2>(3, 4));
  CHECK(gradient([](const auto& x) { return x.dot(2 * x); }, points.col(0) * 2) == 8 * points.col(0));
  CHECK(gradient([](const auto&) { return 7.0; }, points.col(0)).isZero());
}
