#pragma once

#include <cmath>
#include <numbers>
#include <type_traits>

#include "metriplex/autodiff/dual.hpp"
#include "metriplex/autodiff/dual_gamma.hpp"
#include "metriplex/autodiff/dual_mixed.hpp"
#include "metriplex/autodiff/dual_pieces.hpp"

// The smooth functions of <cmath> for dual numbers. Each computes its value and derivative in the inner scalar,
// which may be a dual number again, and leaves the rest to `Dual::chain`. At a pole the derivative is what
// the formula gives, sqrt'(0) = inf, but for a number that does not vary at all, which has none.
namespace metriplex {

/// Computes √x.
template <class S, int N>
Dual<S, N> sqrt(const Dual<S, N>& x) {
  using std::sqrt;
  const S y = sqrt(x.value);
  return chain_at_pole(x, y, S(S(0.5) / y));
}

/// Computes eˣ.
template <class S, int N>
Dual<S, N> exp(const Dual<S, N>& x) {
  using std::exp;
  const S y = exp(x.value);
  return chain_at_pole(x, y, y);
}

/// Computes eˣ − 1 without loss near 0.
template <class S, int N>
Dual<S, N> expm1(const Dual<S, N>& x) {
  using std::expm1;
  const S y = expm1(x.value);
  return chain_at_pole(x, y, S(y + S(1)));
}

/// Computes the natural logarithm.
template <class S, int N>
Dual<S, N> log(const Dual<S, N>& x) {
  using std::log;
  const S y = log(x.value);
  return chain_at_pole(x, y, S(S(1) / x.value));
}

/// Computes log(1 + x) without loss near 0.
template <class S, int N>
Dual<S, N> log1p(const Dual<S, N>& x) {
  using std::log1p;
  const S y = log1p(x.value);
  return chain_at_pole(x, y, S(S(1) / (S(1) + x.value)));
}

/// Computes the logarithm to the base 2.
template <class S, int N>
Dual<S, N> log2(const Dual<S, N>& x) {
  using std::log2;
  return chain_at_pole(x, S(log2(x.value)), S(1 / (std::numbers::ln2 * x.value)));
}

/// Computes the logarithm to the base 10.
template <class S, int N>
Dual<S, N> log10(const Dual<S, N>& x) {
  using std::log10;
  return chain_at_pole(x, S(log10(x.value)), S(1 / (std::numbers::ln10 * x.value)));
}

/// Computes 2ˣ.
template <class S, int N>
Dual<S, N> exp2(const Dual<S, N>& x) {
  using std::exp2;
  const S y = exp2(x.value);
  return chain_at_pole(x, y, S(std::numbers::ln2 * y));
}

/// Computes the cube root.
template <class S, int N>
Dual<S, N> cbrt(const Dual<S, N>& x) {
  using std::cbrt;
  const S y = cbrt(x.value);
  return chain_at_pole(x, y, S(S(1) / (3 * y * y)));
}

/// Computes the sine.
template <class S, int N>
Dual<S, N> sin(const Dual<S, N>& x) {
  using std::cos;
  using std::sin;
  const S y = sin(x.value);
  return Dual<S, N>::chain(x, y, cos(x.value));
}

/// Computes the cosine.
template <class S, int N>
Dual<S, N> cos(const Dual<S, N>& x) {
  using std::cos;
  using std::sin;
  const S y = cos(x.value);
  return Dual<S, N>::chain(x, y, -sin(x.value));
}

/// Computes the tangent.
template <class S, int N>
Dual<S, N> tan(const Dual<S, N>& x) {
  using std::tan;
  const S y = tan(x.value);
  return Dual<S, N>::chain(x, y, S(1) + y * y);
}

/// Computes the arc sine.
template <class S, int N>
Dual<S, N> asin(const Dual<S, N>& x) {
  using std::asin;
  using std::sqrt;
  const S y = asin(x.value);
  return chain_at_pole(x, y, S(S(1) / sqrt(S(1) - x.value * x.value)));
}

/// Computes the arc cosine.
template <class S, int N>
Dual<S, N> acos(const Dual<S, N>& x) {
  using std::acos;
  using std::sqrt;
  const S y = acos(x.value);
  return chain_at_pole(x, y, S(S(-1) / sqrt(S(1) - x.value * x.value)));
}

/// Computes the arc tangent.
template <class S, int N>
Dual<S, N> atan(const Dual<S, N>& x) {
  using std::atan;
  const S y = atan(x.value);
  return Dual<S, N>::chain(x, y, S(1) / (S(1) + x.value * x.value));
}

/// Computes the hyperbolic sine.
template <class S, int N>
Dual<S, N> sinh(const Dual<S, N>& x) {
  using std::cosh;
  using std::sinh;
  const S y = sinh(x.value);
  return chain_at_pole(x, y, S(cosh(x.value)));
}

/// Computes the hyperbolic cosine.
template <class S, int N>
Dual<S, N> cosh(const Dual<S, N>& x) {
  using std::cosh;
  using std::sinh;
  const S y = cosh(x.value);
  return chain_at_pole(x, y, S(sinh(x.value)));
}

/// Computes the hyperbolic tangent.
template <class S, int N>
Dual<S, N> tanh(const Dual<S, N>& x) {
  using std::tanh;
  const S y = tanh(x.value);
  return Dual<S, N>::chain(x, y, S(1) - y * y);
}

/// Computes the inverse hyperbolic sine.
template <class S, int N>
Dual<S, N> asinh(const Dual<S, N>& x) {
  using std::asinh;
  using std::sqrt;
  const S y = asinh(x.value);
  return Dual<S, N>::chain(x, y, S(1) / sqrt(S(1) + x.value * x.value));
}

/// Computes the inverse hyperbolic tangent.
template <class S, int N>
Dual<S, N> atanh(const Dual<S, N>& x) {
  using std::atanh;
  const S y = atanh(x.value);
  return chain_at_pole(x, y, S(S(1) / (S(1) - x.value * x.value)));
}

/// Computes the inverse hyperbolic cosine.
template <class S, int N>
Dual<S, N> acosh(const Dual<S, N>& x) {
  using std::acosh;
  using std::sqrt;
  const S y = acosh(x.value);
  return chain_at_pole(x, y, S(S(1) / (sqrt(x.value - S(1)) * sqrt(x.value + S(1)))));
}

/// Computes x to a constant power, which may be any number, negative x included where the power is whole.
template <class S, int N, class T>
  requires is_constant_for<T, S> Dual<S, N> pow(const Dual<S, N>& x, const T& power) {
    using std::pow;
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, typename BaseOf<S>::type>) {
      return pow(x, static_cast<typename BaseOf<S>::type>(power));
    } else {
      // The power 0 needs its own answer: 0 * pow(0, -1) is not a number.
      return chain_at_pole(x, pow(x.value, power),
                           vanishes(power) ? S(0) : S(power * pow(x.value, power - T(1))));
    }
  }

/// Computes a constant to the power x.
template <class T, class S, int N>
  requires is_constant_for<T, S> Dual<S, N> pow(const T& constant, const Dual<S, N>& x) {
    using std::log, std::pow;
    const S base(constant);
    const S y = pow(base, x.value);
    return Dual<S, N>::chain(x, y, base == S(0) ? S(0) : S(y * log(base)));
  }

/// Computes x to the power y.
template <class S, int N>
Dual<S, N> pow(const Dual<S, N>& x, const Dual<S, N>& y) {
  using std::log, std::pow;
  // A constant in dual clothes, `pow(x, Scalar(2))`: log(x), which negative x has not, must stay out.
  if (vanishes(y - y.value)) return pow(x, y.value);
  const S z = pow(x.value, y.value);
  return Dual<S, N>::chain(x, y, z, y.value * pow(x.value, y.value - S(1)),
                           x.value == S(0) ? S(0) : S(z * log(x.value)));
}

/// Computes the angle of the point (x, y).
template <class S, int N>
Dual<S, N> atan2(const Dual<S, N>& y, const Dual<S, N>& x) {
  using std::atan2;
  const S square = x.value * x.value + y.value * y.value;
  return chain_at_pole(y, x, S(atan2(y.value, x.value)), S(x.value / square), S(-y.value / square));
}

/// Computes √(x² + y²) without overflow.
template <class S, int N>
Dual<S, N> hypot(const Dual<S, N>& x, const Dual<S, N>& y) {
  using std::hypot;
  const S length = hypot(x.value, y.value);
  return chain_at_pole(x, y, length, S(x.value / length), S(y.value / length));
}

}  // namespace metriplex
