#include "metriplex/autodiff/dual.hpp"

#include <Eigen/LU>
#include <cmath>
#include <type_traits>

#include "support/catch.hpp"

using namespace metriplex;
using D = Dual<double, 2>;
using DD = Dual<D, 2>;

namespace {

// f(x, y) = ((x y - 3) / (2 + y) - x) / 2 + 1 / x, with every operator and constants on both sides.
template <class S>
S rational(const S& x, const S& y) {
  S f = (x * y - 3) / (2.0f + y) - +x;
  f *= 2;
  f /= 4.0;
  f += 1 / x;
  f -= 0 * y;
  return -(-f);
}

}  // namespace

TEST_CASE("dual arithmetic has the derivatives of the quotient and product rules", "[autodiff][dual]") {
  const double x = 1.5, y = 0.7;
  const D f = rational(D::variable(x, 0), D::variable(y, 1));
  CHECK(f.value == Approx(rational(x, y)).epsilon(1e-15));
  CHECK(f.tangent[0] == Approx((y / (2 + y) - 1) / 2 - 1 / (x * x)).epsilon(1e-14));
  CHECK(f.tangent[1] == Approx((x / (2 + y) - (x * y - 3) / ((2 + y) * (2 + y))) / 2).epsilon(1e-14));
}

TEST_CASE("nested dual numbers have second derivatives", "[autodiff][dual]") {
  const double x = 1.5, y = 0.7;
  const DD f = rational(DD::variable(D::variable(x, 0), 0), DD::variable(D::variable(y, 1), 1));
  CHECK(f.value.tangent[0] == f.tangent[0].value);
  CHECK(f.tangent[0].tangent[0] == Approx(2 / (x * x * x)).epsilon(1e-13));
  CHECK(f.tangent[0].tangent[1] == Approx(1 / ((2 + y) * (2 + y))).epsilon(1e-13));
  CHECK(f.tangent[1].tangent[0] == Approx(f.tangent[0].tangent[1]).epsilon(1e-14));
  CHECK(f.tangent[1].tangent[1] == Approx(-(2 * x + 3) / std::pow(2 + y, 3)).epsilon(1e-13));
}

TEST_CASE("operations with constants leave tangents alone or scale them", "[autodiff][dual]") {
  const D x = D::variable(3, 0);
  CHECK((x + 1).tangent[0] == 1);
  CHECK((1 - x).tangent[0] == -1);
  CHECK((x * 2).tangent[0] == 2);
  CHECK((6 / x).tangent[0] == Approx(-6.0 / 9));
  const DD nested(x);  // an inner dual number is a constant to the outer one
  CHECK((nested * x).value.tangent[0] == 6);
  CHECK((nested * x).tangent[0] == 0);
  STATIC_REQUIRE(std::is_same_v<decltype(nested * 2.0), DD>);
  STATIC_REQUIRE(std::is_same_v<BaseOf<Dual<Dual<float, 1>, 3>>::type, float>);
  STATIC_REQUIRE(!is_constant_for<DD, D>);
}

TEST_CASE("dual numbers compare by value", "[autodiff][dual]") {
  const D x = D::variable(3, 0);
  CHECK(x == 3);
  CHECK(x != D(2));
  CHECK(2 < x);
  CHECK(x <= 3.0);
  CHECK(DD(x) > 2);
}

TEST_CASE("dual numbers can be computed at compile time", "[autodiff][dual]") {
  constexpr D x = D::variable(3, 1);
  constexpr D y = 2 * x * x + 1;
  STATIC_REQUIRE(y.value == 19);
  STATIC_REQUIRE(y.tangent[1] == 12);
}

TEST_CASE("a function of one's own joins by its value and derivative", "[autodiff][dual]") {
  const D x = D::variable(3, 1);
  CHECK(D::chain(x, x.value * x.value, 2 * x.value).tangent[1] == 6);
  CHECK(D::chain(x, x, 9, 3, 3).tangent[1] == 6);
}

TEST_CASE("dual numbers work inside Eigen", "[autodiff][dual]") {
  const auto x = variables(Vector<double, 2>(2, 3));
  STATIC_REQUIRE(std::is_same_v<decltype(x), const Vector<D, 2>>);
  const Matrix<double, 2, 2> a{{2, 1}, {0, 3}};

  const D quadratic = (x.transpose() * (a * x)).value();
  CHECK(quadratic.value == 4 * 2 + 6 + 9 * 3);
  CHECK(quadratic.tangent[0] == 4 * 2 + 3);
  CHECK(quadratic.tangent[1] == 2 + 6 * 3);
  CHECK((0.5 * x).squaredNorm().tangent[1] == 1.5);
  CHECK((x * 2.0f - x / 2).sum().tangent[0] == 1.5);
  CHECK(x.array().square().maxCoeff().tangent[1] == 6);

  // A product large enough for Eigen's blocked kernels, and a solve.
  const Matrix<double> big = Matrix<double>::Ones(40, 2);
  const Vector<D> y = big * x;
  CHECK(y(39).tangent[0] == 1);
  Matrix<D> wide = Matrix<D>::Constant(40, 40, x(0));
  CHECK((wide * wide)(39, 39).tangent[0] == 2 * 40 * 2);
  Matrix<D, 2, 2> system;
  system << x(0), D(1), D(0), x(1);
  const Vector<D, 2> solved = system.partialPivLu().solve(Vector<D, 2>(D(1), D(6)));
  CHECK(solved(0).value == Approx(-0.5));
  CHECK(solved(1).tangent[1] == Approx(-6.0 / 9));
  CHECK(solved(0).tangent[0] == Approx(0.25));
}
