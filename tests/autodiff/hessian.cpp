#include "metriplex/autodiff/hessian.hpp"

#include <cmath>

#include "metriplex/autodiff/gradient.hpp"
#include "metriplex/autodiff/jacobian.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("the Hessian of a function comes with its value and gradient", "[autodiff][hessian]") {
  const auto f = [](const auto& x) {
    using std::cos, std::exp;
    return exp(x(0)) * x(1) * x(1) - 3 * cos(x(0) * x(2)) + 1;
  };
  const Vector<double, 3> x(0.2, -1.1, 0.9);
  const auto [value, slope, curvature] = value_gradient_hessian(f, x);
  CHECK(value == Approx(f(x)).epsilon(1e-15));
  CHECK(slope.isApprox(gradient(f, x), 1e-15));

  const double e = std::exp(x(0)), s = std::sin(x(0) * x(2)), c = std::cos(x(0) * x(2));
  const double mixed = 3 * s + 3 * x(0) * x(2) * c;
  const Matrix<double, 3, 3> expected{{e * x(1) * x(1) + 3 * x(2) * x(2) * c, 2 * e * x(1), mixed},
                                      {2 * e * x(1), 2 * e, 0},
                                      {mixed, 0, 3 * x(0) * x(0) * c}};
  CHECK(curvature.isApprox(expected, 1e-14));
  CHECK(hessian(f, x) == curvature);
  CHECK(jacobian([&](const auto& y) { return gradient(f, y); }, x).isApprox(expected, 1e-14));
}
