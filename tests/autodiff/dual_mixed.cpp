#include "metriplex/autodiff/dual_mixed.hpp"

#include <cmath>
#include <type_traits>

#include "metriplex/autodiff/dual_math.hpp"
#include "support/catch.hpp"

using namespace metriplex;
using D = Dual<double, 2>;
using DD = Dual<D, 2>;

TEST_CASE("constants become dual numbers, inner ones outer ones", "[autodiff][dual_mixed]") {
  STATIC_REQUIRE(std::is_same_v<DualAmong<D, int>, D>);
  STATIC_REQUIRE(std::is_same_v<DualAmong<double, float, DD>, DD>);
  STATIC_REQUIRE(std::is_same_v<DualAmong<D, DD, double>, DD>);
  STATIC_REQUIRE(std::is_void_v<DualAmong<double, int>>);
  STATIC_REQUIRE(std::is_void_v<DualAmong<D, Dual<double, 3>>>);
  STATIC_REQUIRE(!MixedDuals<D, D>);
}

TEST_CASE("functions of several arguments take constants at any place", "[autodiff][dual_mixed]") {
  using std::fma, std::hypot, std::lerp, std::atan2;
  const DD x = DD::variable(D::variable(3, 0), 0), y = DD::variable(D::variable(4, 1), 1);
  const auto check = [](const DD& f, double value, double by_x, double by_y, double by_both) {
    CHECK(f.value.value == Approx(value).epsilon(1e-15));
    CHECK(f.tangent[0].value == Approx(by_x).margin(1e-15));
    CHECK(f.tangent[1].value == Approx(by_y).margin(1e-15));
    CHECK(f.tangent[0].tangent[1] == Approx(by_both).margin(1e-15));
    CHECK(f.tangent[1].tangent[0] == Approx(by_both).margin(1e-15));
  };
  check(hypot(x, y), 5, 0.6, 0.8, -12.0 / 125);
  check(hypot(x, 4.0), 5, 0.6, 0, 0);
  check(hypot(3, y), 5, 0, 0.8, 0);
  check(hypot(x, y, 12.0f), 13, 3.0 / 13, 4.0 / 13, -12.0 / 2197);
  check(hypot(12, x, y), 13, 3.0 / 13, 4.0 / 13, -12.0 / 2197);
  check(atan2(y, 3.0), std::atan2(4, 3), 0, 3.0 / 25, 0);
  check(atan2(4, x), std::atan2(4, 3), -4.0 / 25, 0, 0);
  check(fma(x, y, x), 15, 5, 3, 1);
  check(fma(2.0, y, x), 11, 1, 2, 0);
  check(fma(x, y, 1), 13, 4, 3, 1);
  check(lerp(x, y, 0.25), 3.25, 0.75, 0.25, 0);
  check(lerp(1.0, x, y), 9, 4, 2, 1);
  CHECK(fma(D(1e16), 1.0 + 0x1p-52, -1e16).value == std::fma(1e16, 1.0 + 0x1p-52, -1e16));
}
