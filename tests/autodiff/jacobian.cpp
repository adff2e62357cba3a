#include "metriplex/autodiff/jacobian.hpp"

#include <cmath>
#include <type_traits>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("the Jacobian of a function comes with its value", "[autodiff][jacobian]") {
  const auto polar = []<class S>(const Vector<S, 2>& x) {
    using std::cos, std::sin;
    return Vector<S, 3>(x(0) * cos(x(1)), x(0) * sin(x(1)), S(1));
  };
  const double r = 2, a = 0.4;
  const auto [value, slopes] = value_and_jacobian(polar, Vector<double, 2>(r, a));
  const Matrix<double, 3, 2> expected{
      {std::cos(a), -r * std::sin(a)}, {std::sin(a), r * std::cos(a)}, {0, 0}};
  CHECK(value.isApprox(Vector<double, 3>(r * std::cos(a), r * std::sin(a), 1), 1e-15));
  CHECK(slopes.isApprox(expected, 1e-15));
  STATIC_REQUIRE(std::is_same_v<decltype(slopes), const Matrix<double, 3, 2>>);
}

TEST_CASE("the Jacobian of a linear map is its matrix, of whatever size", "[autodiff][jacobian]") {
  const Matrix<double, 2, 3> fixed = Matrix<double, 2, 3>::Random();
  const Matrix<double> tall = Matrix<double>::Random(7, 3);
  const Vector<double, 3> x(1, 2, 3);
  CHECK(jacobian([&](const auto& y) { return fixed * y; }, x) == fixed);
  CHECK(jacobian([&](const auto& y) { return (tall * y).eval(); }, x) == tall);
  CHECK(jacobian([](const auto& y) { return y.template head<2>(); }, x) == Matrix<double, 2, 3>::Identity());
}
