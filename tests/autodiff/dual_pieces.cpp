#include "metriplex/autodiff/dual_pieces.hpp"

#include <cmath>
#include <limits>

#include "metriplex/autodiff/gradient.hpp"
#include "metriplex/autodiff/hessian.hpp"
#include "support/catch.hpp"

using namespace metriplex;
using One = Vector<double, 1>;
using Two = Vector<double, 2>;

namespace {

/// Checks value, derivative and second derivative of a function at a number.
template <class F>
void check(const F& f, double x, double value, double first, double second) {
  const auto y = value_gradient_hessian([&](const auto& v) { return f(v(0)); }, One(x));
  CHECK(y.value == Approx(value).margin(1e-15));
  CHECK(y.gradient(0) == Approx(first).margin(1e-15));
  CHECK(y.hessian(0, 0) == Approx(second).margin(1e-15));
}

}  // namespace

TEST_CASE("at a kink the first tangent that does not vanish decides", "[autodiff][dual_pieces]") {
  using std::abs, std::fabs, std::copysign;
  check([](const auto& x) { return abs(x); }, 0, 0, 1, 0);
  check([](const auto& x) { return abs(-x); }, 0, 0, 1, 0);
  check([](const auto& x) { return abs(-x * x); }, 0, 0, 0, 2);
  check([](const auto& x) { return fabs(x * x); }, 0, 0, 0, 2);
  check([](const auto& x) { return abs(x * x * x); }, 0, 0, 0, 0);
  check([](const auto& x) { return abs(-x * x - 1); }, 0, 1, 0, 2);
  check([](const auto& x) { return abs(x - x * x); }, 0, 0, 1, -2);
  check([](const auto& x) { return copysign(x * x + 2, -x * x); }, 0, -2, 0, -2);
  check([](const auto& x) { return copysign(-3 * x, x); }, -0.5, -1.5, 3, 0);
  // |x - y| where both are alike is symmetric.
  const auto apart = gradient([](const auto& v) { return abs(v(0) - v(1)); }, Two(3, 3));
  CHECK(apart == gradient([](const auto& v) { return abs(v(1) - v(0)); }, Two(3, 3)));
  CHECK(apart == Two(1, -1));
  CHECK(!std::signbit(abs(Dual<double, 1>(-0.0)).value));
  CHECK(std::isnan(abs(Dual<double, 1>(std::nan(""))).value));
}

TEST_CASE("where values are alike, the larger is that beyond them", "[autodiff][dual_pieces]") {
  using std::max, std::min, std::fmax, std::fmin, std::fdim;
  check([](const auto& x) { return max(x, -x); }, 0, 0, 1, 0);
  check([](const auto& x) { return min(x, -x); }, 0, 0, -1, 0);
  check([](const auto& x) { return fmax(-x * x, 0.0); }, 0, 0, 0, 0);
  check([](const auto& x) { return fmin(0, -x * x); }, 0, 0, 0, -2);
  check([](const auto& x) { return max(x * x, 2); }, 3, 9, 6, 2);
  check([](const auto& x) { return min(x * x, 2.0f); }, 3, 2, 0, 0);
  check([](const auto& x) { return fdim(x * x, x); }, 3, 6, 5, 2);
  check([](const auto& x) { return fdim(x, x * x); }, 3, 0, 0, 0);
  const double nan = std::nan("");
  check([&](const auto& x) { return fmax(nan, x) + fmin(x, nan); }, 2, 4, 2, 0);
}

TEST_CASE("whole numbers are constants, and remainders count how often", "[autodiff][dual_pieces]") {
  using std::floor, std::ceil, std::trunc, std::round, std::fmod, std::remainder;
  check([](const auto& x) { return floor(x) + x; }, -1.5, -3.5, 1, 0);
  check([](const auto& x) { return ceil(x) * x; }, -1.5, 1.5, -1, 0);
  check([](const auto& x) { return trunc(x); }, -1.5, -1, 0, 0);
  check([](const auto& x) { return round(x); }, -1.5, -2, 0, 0);
  check([](const auto& x) { return fmod(x, 3); }, 7.5, 1.5, 1, 0);
  check([](const auto& x) { return fmod(7.5, x); }, 3, 1.5, -2, 0);
  check([](const auto& x) { return fmod(x * x, x); }, -2.5, 1.25, -5 + 2, 2);
  check([](const auto& x) { return remainder(x * x, 4.0); }, 2.5, -1.75, 5, 2);
  check([](const auto& x) { return remainder(8.0, x); }, 3, -1, -3, 0);
}

TEST_CASE("numbers are classified by their values, and finite with their tangents",
          "[autodiff][dual_pieces]") {
  using D = Dual<double, 1>;
  using DD = Dual<D, 1>;
  using Limits = std::numeric_limits<double>;
  CHECK(signbit(D(-0.0)));
  CHECK(!signbit(DD(2)));
  CHECK(isnormal(DD(2)));
  CHECK(!isnormal(D(Limits::denorm_min())));
  CHECK(isfinite(D::variable(1, 0)));
  CHECK(!isfinite(D(1, {Limits::infinity()})));
  CHECK(isinf(D(Limits::infinity())));
  CHECK(isnan(D(Limits::infinity()) - Limits::infinity()));
  CHECK(vanishes(DD(0)));
  CHECK(!vanishes(DD::variable(D(0), 0)));
}
