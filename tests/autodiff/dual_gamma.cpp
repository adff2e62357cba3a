#include "metriplex/autodiff/dual_gamma.hpp"

#include <cmath>
#include <numbers>

#include "metriplex/autodiff/dual_math.hpp"
#include "support/catch.hpp"

using namespace metriplex;
using D = Dual<double, 1>;
using DD = Dual<D, 1>;

namespace {

const double pi = std::numbers::pi, euler = 0.57721566490153286061, apery = 1.2020569031595942854;

DD at(double x) {
  return DD::variable(D::variable(x, 0), 0);
}

}  // namespace

TEST_CASE("the digamma function has its known values", "[autodiff][dual_gamma]") {
  CHECK(digamma(1.0) == Approx(-euler).epsilon(1e-14));
  CHECK(digamma(0.5) == Approx(-euler - 2 * std::log(2.0)).epsilon(1e-14));
  CHECK(digamma(0.25) == Approx(-euler - pi / 2 - 3 * std::log(2.0)).epsilon(1e-14));
  CHECK(digamma(-0.5) == Approx(2 - euler - 2 * std::log(2.0)).epsilon(1e-13));
  CHECK(digamma(11.0) == Approx(7381.0 / 2520 - euler).epsilon(1e-14));
  CHECK(digamma(1e15) == Approx(std::log(1e15)).epsilon(1e-14));
  CHECK(std::isnan(digamma(0.0)));
  CHECK(std::isnan(digamma(-3.0)));
  const DD second = digamma(at(1));  // ψ' = ζ(2), ψ'' = -2 ζ(3)
  CHECK(second.tangent[0].value == Approx(pi * pi / 6).epsilon(1e-13));
  CHECK(second.tangent[0].tangent[0] == Approx(-2 * apery).epsilon(1e-12));
}

TEST_CASE("gamma functions have the derivatives of their closed forms", "[autodiff][dual_gamma]") {
  const DD half = tgamma(at(0.5));
  const double psi = -euler - 2 * std::log(2.0), trigamma = pi * pi / 2, root = std::sqrt(pi);
  CHECK(half.value.value == Approx(root).epsilon(1e-15));
  CHECK(half.value.tangent[0] == Approx(root * psi).epsilon(1e-13));
  CHECK(half.tangent[0].tangent[0] == Approx(root * (psi * psi + trigamma)).epsilon(1e-13));
  const DD log = lgamma(at(0.5));
  CHECK(log.value.value == Approx(std::log(root)).epsilon(1e-14));
  CHECK(log.tangent[0].value == Approx(psi).epsilon(1e-13));
  CHECK(log.tangent[0].tangent[0] == Approx(trigamma).epsilon(1e-13));
  CHECK(tgamma(Dual<float, 1>::variable(5.0f, 0)).tangent[0] ==
        Approx(24 * (25.0 / 12 - euler)).epsilon(1e-5));
}

TEST_CASE("error functions have the derivatives of the normal distribution", "[autodiff][dual_gamma]") {
  for (const double x : {-1.2, 0.0, 0.4, 3.0}) {
    const DD plus = erf(at(x)), minus = erfc(at(x));
    const double slope = 2 / std::sqrt(pi) * std::exp(-x * x);
    CHECK(plus.value.value == std::erf(x));
    CHECK(plus.value.tangent[0] == Approx(slope).epsilon(1e-14));
    CHECK(plus.tangent[0].tangent[0] == Approx(-2 * x * slope).epsilon(1e-14));
    CHECK(minus.value.value == std::erfc(x));
    CHECK(minus.tangent[0].value == Approx(-slope).epsilon(1e-14));
    CHECK(minus.tangent[0].tangent[0] == Approx(2 * x * slope).epsilon(1e-14));
  }
}
