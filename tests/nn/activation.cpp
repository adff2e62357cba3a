#include "metriplex/nn/activation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "metriplex/autodiff/hessian.hpp"
#include "support/catch.hpp"

using namespace metriplex;

static_assert(Activation<Tanh> && Activation<Softplus> && Activation<Sin> && Activation<Silu>);

namespace {

struct Nameless {
  template <class Scalar>
  static ActivationValues<Scalar> evaluate(const Pack<Scalar>& z) {
    return {z, z, z};
  }
};
struct OnlyDouble {
  static constexpr std::string_view name = "only_double";
  static ActivationValues<double> evaluate(const Pack<double>& z) { return {z, z, z}; }
};
struct OnlyValue {
  static constexpr std::string_view name = "only_value";
  template <class Scalar>
  static Pack<Scalar> evaluate(const Pack<Scalar>& z) {
    return z;
  }
};
static_assert(SecondFromFirst<Tanh> && SecondFromFirst<Softplus> && !SecondFromFirst<Sin> &&
              !SecondFromFirst<Silu>);
static_assert(ThriceDifferentiable<Tanh> && ThriceDifferentiable<Softplus> && ThriceDifferentiable<Sin> &&
              ThriceDifferentiable<Silu>);
static_assert(!Activation<int> && !Activation<Nameless> && !Activation<OnlyDouble> && !Activation<OnlyValue>);

// The truth: textbook formulas on nested dual numbers, which know nothing of the derivatives given.
template <class A>
struct Truth;
template <>
struct Truth<Tanh> {
  template <class T>
  static T value(const T& z) {
    using std::tanh;
    return tanh(z);
  }
};
template <>
struct Truth<Softplus> {
  template <class T>
  static T value(const T& z) {
    using std::exp, std::log1p;
    return z > T(0) ? T(z + log1p(exp(-z))) : T(log1p(exp(z)));
  }
};
template <>
struct Truth<Sin> {
  template <class T>
  static T value(const T& z) {
    using std::sin;
    return sin(z);
  }
};
template <>
struct Truth<Silu> {
  template <class T>
  static T value(const T& z) {
    using std::exp;
    return z > T(0) ? T(z / (T(1) + exp(-z))) : T(z * exp(z) / (T(1) + exp(z)));
  }
};

template <class A, class Scalar>
auto evaluate(Scalar z) {
  struct {
    Scalar value, first, second, third;
  } lane;
  const ActivationValues<Scalar> all = A::template evaluate<Scalar>(broadcast(z));
  lane.value = all.value[0];
  lane.first = all.first[0];
  lane.second = all.second[0];
  lane.third = A::template third<Scalar>(broadcast(z), all)[0];
  return lane;
}

/// Checks value and derivatives on [−limit, limit]: to 4 ulp of max(1, |value|), derivatives to 8.
template <class A, class Scalar>
void check_activation(double limit) {
  using Wide = std::conditional_t<sizeof(Scalar) == 8, long double, double>;
  INFO(A::name << " in " << sizeof(Scalar) << " bytes to " << limit);
  double value_error = 0, first_error = 0, second_error = 0;
  for (int i = -1000; i <= 1000; ++i) {
    const Scalar z = static_cast<Scalar>(limit * i / 1000);
    const auto truth =
        value_gradient_hessian([](const auto& x) { return Truth<A>::value(x(0)); }, Vector<Wide, 1>(Wide(z)));
    const auto got = evaluate<A>(z);
    const Wide scale = std::max(Wide(1), std::abs(truth.value)) * std::numeric_limits<Scalar>::epsilon();
    value_error = std::max(value_error, double(std::abs(got.value - truth.value) / scale));
    first_error = std::max(first_error, double(std::abs(got.first - truth.gradient(0)) / scale));
    second_error = std::max(second_error, double(std::abs(got.second - truth.hessian(0, 0)) / scale));
    REQUIRE(std::isfinite(double(got.value + got.first + got.second)));
  }
  CHECK(value_error <= 4);
  CHECK(first_error <= 8);
  CHECK(second_error <= 8);
}

template <class A, class Scalar>
void check_extremes() {
  INFO(A::name);
  const auto nan = evaluate<A>(std::numeric_limits<Scalar>::quiet_NaN());
  CHECK((std::isnan(nan.value) && std::isnan(nan.first) && std::isnan(nan.second) && std::isnan(nan.third)));
  if constexpr (!std::is_same_v<A, Sin>) {
    // The limits: 0 or ±1 or the identity, flat in the second derivative.
    for (const Scalar z : {std::numeric_limits<Scalar>::infinity(), std::numeric_limits<Scalar>::max(),
                           std::sqrt(std::numeric_limits<Scalar>::max())}) {
      constexpr bool bounded = std::is_same_v<A, Tanh>;
      const auto high = evaluate<A>(z), low = evaluate<A>(-z);
      CHECK(high.value == (bounded ? Scalar(1) : z));
      CHECK(high.first == (bounded ? Scalar(0) : Scalar(1)));
      CHECK(high.second == 0);
      CHECK(high.third == 0);
      CHECK(low.value == Approx(bounded ? -1 : 0).margin(1e-30));
      CHECK(low.first == Approx(0).margin(1e-30));
      CHECK(low.second == Approx(0).margin(1e-30));
      CHECK(low.third == Approx(0).margin(1e-30));
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("an activation and its two derivatives agree with dual numbers of higher precision",
                   "[nn][activation]", Tanh, Softplus, Sin, Silu) {
  for (const double limit : {0.01, 3.0, 80.0}) {
    check_activation<TestType, double>(limit);
    check_activation<TestType, float>(limit);
  }
  check_activation<TestType, double>(650);
}

TEMPLATE_TEST_CASE("each derivative of an activation is the slope of the one before", "[nn][activation]",
                   Tanh, Softplus, Sin, Silu) {
  const double h = 1e-4;
  for (double z = -6; z <= 6; z += 0.37) {
    const auto left = evaluate<TestType>(z - h), here = evaluate<TestType>(z),
               right = evaluate<TestType>(z + h);
    CHECK(here.first == Approx((right.value - left.value) / (2 * h)).margin(2e-8));
    CHECK(here.second == Approx((right.first - left.first) / (2 * h)).margin(2e-8));
    CHECK(here.third == Approx((right.second - left.second) / (2 * h)).margin(2e-8));
  }
}

TEMPLATE_TEST_CASE("an activation keeps its limits at infinity, and NaN stays NaN", "[nn][activation]", Tanh,
                   Softplus, Sin, Silu) {
  check_extremes<TestType, double>();
  check_extremes<TestType, float>();
}

TEST_CASE("activations are told apart by their names", "[nn][activation]") {
  CHECK(Tanh::name == "tanh");
  CHECK(Softplus::name == "softplus");
  CHECK(Sin::name == "sin");
  CHECK(Silu::name == "silu");
}
