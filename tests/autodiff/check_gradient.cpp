#include "metriplex/autodiff/check_gradient.hpp"

#include <cmath>
#include <limits>

#include "metriplex/autodiff/gradient.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

const auto wavy = [](const auto& x) {
  using std::exp, std::sin;
  return sin(3 * x(0)) * exp(x(1)) + x(2) * x(2) * x(2);
};

}  // namespace

TEST_CASE("a right gradient passes the check to many digits", "[autodiff][check_gradient]") {
  const Vector<double, 3> x(0.3, -0.7, 1.9);
  const GradientCheck check = check_gradient(wavy, x, gradient(wavy, x));
  INFO(check.message);
  CHECK(check.ok);
  CHECK(check.max_error < 1e-10);
  CHECK(one_line_with(check.message, "gradient agrees"));
}

TEST_CASE("a wrong gradient is found, with its place", "[autodiff][check_gradient]") {
  const Vector<double, 3> x(0.3, -0.7, 1.9);
  Vector<double, 3> wrong = gradient(wavy, x);
  wrong(1) *= 1 + 1e-5;
  const GradientCheck check = check_gradient(wavy, x, wrong);
  CHECK(!check.ok);
  CHECK(check.where == 1);
  CHECK(check.claimed == wrong(1));
  CHECK(check.measured == Approx(gradient(wavy, x)(1)).epsilon(1e-10));
  CHECK(check.max_error == Approx(1e-5).epsilon(1e-3));
  CHECK(one_line_with(check.message, "gradient is wrong"));
  CHECK(one_line_with(check.message, "component 1"));
  CHECK(check_gradient(wavy, x, wrong, {.tolerance = 1e-4}).ok);
}

TEST_CASE("a gradient that is not a number fails the check", "[autodiff][check_gradient]") {
  const Vector<double, 2> x(1, 2);
  const auto sum = [](const auto& y) { return y.sum(); };
  const Vector<double, 2> broken(1, std::numeric_limits<double>::quiet_NaN());
  CHECK(!check_gradient(sum, x, broken).ok);
  CHECK(check_gradient(sum, x, broken).where == 1);
  CHECK(!check_gradient([](const auto& y) { return std::sqrt(y(0) - 5); }, x, x).ok);
}

TEST_CASE("a long vector, a flat function and float can be checked", "[autodiff][check_gradient]") {
  const Vector<double> x = Vector<double>::LinSpaced(20, -1, 1);
  CHECK(
      check_gradient([](const auto& y) { return y.array().cube().sum(); }, x, 3 * x.array().square().matrix())
          .ok);
  CHECK(check_gradient([](const auto&) { return 1.0; }, x, Vector<double>::Zero(20)).ok);
  const Vector<float, 2> single(1.5f, -0.5f);
  CHECK(check_gradient([](const auto& y) { return y.squaredNorm(); }, single, 2 * single, {.tolerance = 1e-3})
            .ok);
}

TEST_CASE("a gradient of the wrong size is refused", "[autodiff][check_gradient]") {
  const Vector<double> x = Vector<double>::Zero(3), g = Vector<double>::Zero(2);
  const auto sum = [](const auto& y) { return y.sum(); };
  CHECK(one_line_with(error_text([&] { check_gradient(sum, x, g); }), "3 components, as x has, got 2"));
}

TEST_CASE("a gradient is checked in the units of its components", "[autodiff][check_gradient]") {
  for (const double unit : {1e-12, 1e-6, 1.0, 1e6, 1e12}) {
    const auto f = [&](const Vector<double, 2>& x) { return std::sin(x(0) / unit) * std::exp(x(1) * unit); };
    const Vector<double, 2> x(0.7 * unit, 0.4 / unit),
        slope(std::cos(0.7) * std::exp(0.4) / unit, std::sin(0.7) * std::exp(0.4) * unit);
    INFO("units of " << unit);
    for (int i = 0; i < 2; ++i) {
      Vector<double, 2> point = x;
      CHECK(measured_derivative(f, point, i, 1e-2) == Approx(slope(i)).epsilon(1e-8));
    }
  }
}
