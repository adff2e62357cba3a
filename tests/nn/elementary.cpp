#include "metriplex/nn/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

template <class Scalar>
constexpr Scalar epsilon = std::numeric_limits<Scalar>::epsilon();
template <class Scalar>
constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();
template <class Scalar>
constexpr Scalar not_a_number = std::numeric_limits<Scalar>::quiet_NaN();

/// What the truth is computed in.
template <class Scalar>
using Wide = std::conditional_t<sizeof(Scalar) == 8, long double, double>;

/// Spreads points over [−limit, limit], evenly and in magnitude.
template <class Scalar>
std::vector<Scalar> spread(double limit) {
  std::vector<Scalar> points{0};
  for (int i = -20000; i <= 20000; ++i) points.push_back(static_cast<Scalar>(limit * i / 20000));
  for (double magnitude = limit; magnitude > std::numeric_limits<Scalar>::min(); magnitude /= 1.37) {
    points.push_back(static_cast<Scalar>(magnitude));
    points.push_back(static_cast<Scalar>(-magnitude));
  }
  return points;
}

/// Returns the largest of |f(x) − truth(x)| / scale(truth(x)), and fails at once on what is not a number.
template <class Scalar, class F, class Truth, class Scale>
double largest_error(const std::vector<Scalar>& points, F f, Truth truth, Scale scale) {
  double largest = 0;
  for (std::size_t i = 0; i < points.size(); i += lanes<Scalar>) {
    Pack<Scalar> x{};
    const int count = int(std::min(points.size() - i, std::size_t(lanes<Scalar>)));
    for (int k = 0; k < count; ++k) x[k] = points[i + std::size_t(k)];
    const Pack<Scalar> y = f(x);
    for (int k = 0; k < count; ++k) {
      const Wide<Scalar> expected = truth(Wide<Scalar>(points[i + std::size_t(k)]));
      const double error = double(std::abs(Wide<Scalar>(Scalar(y[k])) - expected) / scale(expected));
      if (!(error <= largest)) {
        REQUIRE(std::isfinite(error));
        largest = error;
      }
    }
  }
  return largest;
}

template <class Scalar, class F>
Scalar at(Scalar x, F f) {
  return Scalar(f(broadcast(x))[lanes<Scalar> - 1]);
}

const auto one = [](auto) { return 1; };
const auto itself = [](auto y) { return std::abs(y); };

}  // namespace

TEMPLATE_TEST_CASE("masks choose lane by lane", "[nn][elementary]", float, double) {
  Pack<TestType> x{};
  for (int i = 0; i < lanes<TestType>; ++i) x[i] = TestType(i);
  const Pack<TestType> y = select<TestType>(x > broadcast(TestType(0)), x, broadcast(TestType(-1)));
  for (int i = 0; i < lanes<TestType>; ++i) CHECK(y[i] == (i > 0 ? TestType(i) : TestType(-1)));

  const auto clamped = [](TestType value) {
    return at(value, [](const auto& pack) { return clamp<TestType>(pack, TestType(2)); });
  };
  CHECK(clamped(TestType(1.5)) == TestType(1.5));
  CHECK(clamped(3) == 2);
  CHECK(clamped(-infinity<TestType>) == -2);
  CHECK(std::isnan(clamped(not_a_number<TestType>)));
}

TEMPLATE_TEST_CASE("polynomials start at the constant term", "[nn][elementary]", float, double) {
  const auto p = [](const auto& x) { return polynomial<TestType>(x, TestType(3), -2, 0.5); };
  CHECK(at(TestType(4), p) == TestType(3 - 2 * 4 + 0.5 * 16));
}

TEMPLATE_TEST_CASE("the reduced exponential is exact to rounding for either sign", "[nn][elementary]", float,
                   double) {
  const auto exponential = [](const Pack<TestType>& x) {
    const ReducedExponential<TestType> e(x);
    return Pack<TestType>(e.power * e.expm1_r + e.power);
  };
  const auto points = spread<TestType>(sizeof(TestType) == 8 ? 700 : 85);
  CHECK(largest_error(
            points, exponential, [](auto x) { return std::exp(x); }, itself) <= 4 * epsilon<TestType>);
}

TEMPLATE_TEST_CASE("tanh is exact to 4 ulp of 1, and of itself near zero", "[nn][elementary]", float,
                   double) {
  const auto f = [](const Pack<TestType>& x) { return metriplex::tanh<TestType>(x); };
  const auto truth = [](auto x) { return std::tanh(x); };
  for (const double limit : {0.5, 5.0, 50.0, 1e30})
    CHECK(largest_error(spread<TestType>(limit), f, truth, one) <= 4 * epsilon<TestType>);
  CHECK(largest_error(spread<TestType>(0.1), f, truth, [](auto y) {
          return std::max(std::abs(y), decltype(y)(1e-30));
        }) <= 4 * epsilon<TestType>);
  CHECK(at(infinity<TestType>, f) == 1);
  CHECK(at(-infinity<TestType>, f) == -1);
  CHECK(at(TestType(0), f) == 0);
  CHECK(std::isnan(at(not_a_number<TestType>, f)));
}

TEMPLATE_TEST_CASE("the decaying exponential and the logistic function hold for all x", "[nn][elementary]",
                   float, double) {
  const auto decay = [](const Pack<TestType>& x) { return exp_of_minus_magnitude<TestType>(x); };
  const auto s = [](const Pack<TestType>& x) {
    return logistic<TestType>(x, exp_of_minus_magnitude<TestType>(x));
  };
  for (const double limit : {0.5, 5.0, 50.0, 1e30}) {
    const auto points = spread<TestType>(limit);
    CHECK(largest_error(
              points, decay, [](auto x) { return std::exp(-std::abs(x)); }, one) <= 4 * epsilon<TestType>);
    CHECK(largest_error(
              points, s, [](auto x) { return 1 / (1 + std::exp(-x)); }, one) <= 4 * epsilon<TestType>);
  }
  // Where it is small it is exact in itself.
  CHECK(largest_error(
            spread<TestType>(80), s, [](auto x) { return 1 / (1 + std::exp(-x)); }, itself) <=
        8 * epsilon<TestType>);
  CHECK(at(infinity<TestType>, s) == 1);
  CHECK(at(-infinity<TestType>, s) == Approx(0).margin(1e-30));
  CHECK(std::isnan(at(not_a_number<TestType>, s)));
}

TEMPLATE_TEST_CASE("the logarithm of 1 + u is exact to rounding on the unit interval", "[nn][elementary]",
                   float, double) {
  auto points = spread<TestType>(1);
  std::transform(points.begin(), points.end(), points.begin(), [](TestType u) { return std::abs(u); });
  const auto f = [](const Pack<TestType>& u) { return log1p_of_unit<TestType>(u); };
  const auto truth = [](auto u) { return std::log1p(u); };
  CHECK(largest_error(points, f, truth, [](auto y) { return std::max(y, decltype(y)(1e-30)); }) <=
        4 * epsilon<TestType>);
  CHECK(at(TestType(0), f) == 0);
}

TEMPLATE_TEST_CASE("sine and cosine are exact to 4 ulp of 1 in every quadrant", "[nn][elementary]", float,
                   double) {
  const auto sine = [](const Pack<TestType>& x) {
    Pack<TestType> s, c;
    sincos<TestType>(x, s, c);
    return s;
  };
  const auto cosine = [](const Pack<TestType>& x) {
    Pack<TestType> s, c;
    sincos<TestType>(x, s, c);
    return c;
  };
  for (const double limit : {1.0, 10.0, 1e4}) {
    const auto points = spread<TestType>(limit);
    CHECK(largest_error(
              points, sine, [](auto x) { return std::sin(x); }, one) <= 4 * epsilon<TestType>);
    CHECK(largest_error(
              points, cosine, [](auto x) { return std::cos(x); }, one) <= 4 * epsilon<TestType>);
  }
  for (const TestType x : {infinity<TestType>, -infinity<TestType>, not_a_number<TestType>}) {
    CHECK(std::isnan(at(x, sine)));
    CHECK(std::isnan(at(x, cosine)));
  }
}
