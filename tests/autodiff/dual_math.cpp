#include "metriplex/autodiff/dual_math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "support/catch.hpp"

using namespace metriplex;
using D = Dual<double, 1>;
using DD = Dual<D, 1>;

namespace {

// Checks value, first and second derivative against the plain function and its central differences.
template <class F>
void check(const char* what, const F& f, double x) {
  INFO(what << " at " << x);
  const DD y = f(DD::variable(D::variable(x, 0), 0));
  const double h = 1e-3;
  const double up = f(x + h), at = f(x), down = f(x - h), up2 = f(x + 2 * h), down2 = f(x - 2 * h);
  CHECK(y.value.value == Approx(at).epsilon(1e-15));
  CHECK(y.value.tangent[0] ==
        Approx((8 * (up - down) - (up2 - down2)) / (12 * h)).epsilon(1e-8).margin(1e-9));
  CHECK(y.tangent[0].value == y.value.tangent[0]);
  CHECK(y.tangent[0].tangent[0] ==
        Approx((16 * (up + down) - (up2 + down2) - 30 * at) / (12 * h * h)).epsilon(1e-6).margin(1e-7));
}

}  // namespace

TEST_CASE("functions of one dual number have the derivatives that differences measure",
          "[autodiff][dual_math]") {
  using std::abs, std::fabs, std::sqrt, std::exp, std::expm1, std::log, std::log1p, std::sin, std::cos,
      std::tan, std::asin, std::acos, std::atan, std::sinh, std::cosh, std::tanh, std::asinh, std::atanh,
      std::acosh, std::cbrt, std::exp2, std::log2, std::log10;
  for (const double x : {0.3, 0.71}) {
    check(
        "sqrt", [](auto t) { return sqrt(t); }, x);
    check(
        "log", [](auto t) { return log(t); }, x);
    check(
        "log2", [](auto t) { return log2(t); }, x);
    check(
        "log10", [](auto t) { return log10(t); }, x);
    check(
        "cbrt", [](auto t) { return cbrt(t) + cbrt(-2 * t); }, x);
    check(
        "acosh", [](auto t) { return acosh(1 + t); }, x);
  }
  for (const double x : {-0.6, 0.05, 0.4}) {
    check(
        "abs", [](auto t) { return abs(t) * t; }, x);
    check(
        "fabs", [](auto t) { return fabs(t) * t; }, x);
    check(
        "exp", [](auto t) { return exp(t); }, x);
    check(
        "exp2", [](auto t) { return exp2(t); }, x);
    check(
        "expm1", [](auto t) { return expm1(t); }, x);
    check(
        "log1p", [](auto t) { return log1p(t); }, x);
    check(
        "sin", [](auto t) { return sin(t); }, x);
    check(
        "cos", [](auto t) { return cos(t); }, x);
    check(
        "tan", [](auto t) { return tan(t); }, x);
    check(
        "asin", [](auto t) { return asin(t); }, x);
    check(
        "acos", [](auto t) { return acos(t); }, x);
    check(
        "atan", [](auto t) { return atan(t); }, x);
    check(
        "sinh", [](auto t) { return sinh(t); }, x);
    check(
        "cosh", [](auto t) { return cosh(t); }, x);
    check(
        "tanh", [](auto t) { return tanh(t); }, x);
    check(
        "asinh", [](auto t) { return asinh(t); }, x);
    check(
        "atanh", [](auto t) { return atanh(t); }, x);
  }
}

TEST_CASE("functions of two dual numbers have the derivatives that differences measure",
          "[autodiff][dual_math]") {
  using std::pow, std::atan2, std::hypot, std::sin, std::cos;
  for (const double x : {0.4, 1.3}) {
    check(
        "pow(x, 2.5)", [](auto t) { return pow(t, 2.5); }, x);
    check(
        "pow(2, x)", [](auto t) { return pow(2.0, t); }, x);
    check(
        "pow(x, x)", [](auto t) { return pow(t, sin(t)); }, x);
    check(
        "atan2(x, x)", [](auto t) { return atan2(sin(t), t * t); }, x);
    check(
        "hypot(x, x)", [](auto t) { return hypot(sin(t), cos(2 * t)); }, x);
    check(
        "atan2(x, 2)", [](auto t) { return atan2(t, 2.0); }, x);
    check(
        "atan2(-2, x)", [](auto t) { return atan2(-2.0, t); }, x);
  }
}

TEST_CASE("whole powers work for negative numbers and for zero", "[autodiff][dual_math]") {
  using std::pow;
  check(
      "pow(x, 3)", [](auto t) { return pow(t, 3); }, -1.3);
  check(
      "pow(x, -2)", [](auto t) { return pow(t, -2); }, -1.3);
  check(
      "pow(x, Scalar(4))", [](auto t) { return pow(t, decltype(t)(4)); }, -1.3);
  for (const int power : {0, 1, 2, 3}) {
    const DD y = pow(DD::variable(D::variable(0, 0), 0), power);
    CHECK(y.value.value == (power == 0 ? 1 : 0));
    CHECK(y.value.tangent[0] == (power == 1 ? 1 : 0));
    CHECK(y.tangent[0].tangent[0] == (power == 2 ? 2 : 0));
  }
  const Dual<float, 1> single = pow(Dual<float, 1>::variable(3.0f, 0), 2);
  CHECK(single.tangent[0] == 6.0f);
}

TEST_CASE("what does not vary has no derivative at a pole, and what does has the formula's",
          "[autodiff][dual_math]") {
  const double infinity = std::numeric_limits<double>::infinity();
  using std::sqrt, std::log, std::pow, std::cbrt, std::hypot, std::atan2, std::asin, std::acosh, std::exp;
  for (const D y : {sqrt(D(0)), pow(D(0), 0.5), cbrt(D(0)), hypot(D(0), D(0)), atan2(D(0), D(0)), acosh(D(1)),
                    log(D(0)), asin(D(1)), exp(D(1000))}) {
    CHECK(y.tangent[0] == 0);
    CHECK(!isnan(y));
  }
  CHECK(sqrt(DD(0)).tangent[0].tangent[0] == 0);
  CHECK(sqrt(D::variable(0, 0)).tangent[0] == infinity);
  CHECK(log(D::variable(0, 0)).tangent[0] == infinity);
  CHECK(pow(D::variable(0, 0), 0.5).tangent[0] == infinity);
  CHECK(exp(D::variable(1000, 0)).tangent[0] == infinity);
}

TEST_CASE("numeric limits are those of the number inside, as constants", "[autodiff][dual_math]") {
  using Limits = std::numeric_limits<DD>;
  using Plain = std::numeric_limits<double>;
  STATIC_REQUIRE(Limits::is_specialized);
  STATIC_REQUIRE(Limits::has_infinity);
  STATIC_REQUIRE(!Limits::is_integer);
  STATIC_REQUIRE(Limits::digits == 53);
  STATIC_REQUIRE(std::numeric_limits<const Dual<float, 3>>::digits == 24);
  CHECK(Limits::infinity().value.value == Plain::infinity());
  CHECK(Limits::epsilon().value.value == Plain::epsilon());
  CHECK(Limits::min().value.value == Plain::min());
  CHECK(Limits::max().value.value == Plain::max());
  CHECK(Limits::lowest().value.value == Plain::lowest());
  CHECK(Limits::denorm_min().value.value == Plain::denorm_min());
  CHECK(Limits::round_error().value.value == 0.5);
  CHECK(isnan(Limits::quiet_NaN()));
  CHECK(vanishes(Limits::epsilon() - Limits::epsilon()));
  // The nearest of some points, the usual way.
  const auto nearest = [](const auto& x) {
    auto best = std::numeric_limits<std::remove_cvref_t<decltype(x)>>::infinity();
    for (const double at : {3.0, -1.0})
      if (const auto apart = (x - at) * (x - at); apart < best) best = apart;
    return best;
  };
  CHECK(nearest(DD::variable(D::variable(0.5, 0), 0)).value.value == 2.25);
  CHECK(nearest(DD::variable(D::variable(0.5, 0), 0)).tangent[0].value == 3);
  CHECK(nearest(DD::variable(D::variable(0.5, 0), 0)).tangent[0].tangent[0] == 2);
}
