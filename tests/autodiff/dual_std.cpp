#include "metriplex/autodiff/dual_std.hpp"

#include <cmath>

#include "metriplex/autodiff/hessian.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("an energy written with std:: has the same derivatives", "[autodiff][dual_std]") {
  const auto qualified = [](const auto& x) {
    return std::sin(x(0)) * std::exp(x(1)) + std::pow(x(0), 3) + std::hypot(x(0), 2.0) + std::abs(-x(1)) +
           std::max(x(0), x(1)) + std::sqrt(x(1)) + std::tanh(x(0)) + std::atan2(x(0), x(1));
  };
  const auto found = [](const auto& x) {
    using std::sin, std::exp, std::pow, std::hypot, std::abs, std::max, std::sqrt, std::tanh, std::atan2;
    return sin(x(0)) * exp(x(1)) + pow(x(0), 3) + hypot(x(0), 2.0) + abs(-x(1)) + max(x(0), x(1)) +
           sqrt(x(1)) + tanh(x(0)) + atan2(x(0), x(1));
  };
  const Vector<double, 2> x(0.3, 0.7);
  const auto std_ones = value_gradient_hessian(qualified, x), ours = value_gradient_hessian(found, x);
  CHECK(std_ones.value == ours.value);
  CHECK(std_ones.gradient == ours.gradient);
  CHECK(std_ones.hessian == ours.hessian);
  CHECK(std::sin(Dual<double, 1>::variable(0.3, 0)).tangent[0] == std::cos(0.3));
  CHECK(std::isnan(std::sqrt(Dual<float, 1>(-1.0f))));
}
