#pragma once

#include <cmath>
#include <limits>
#include <numbers>

#include "metriplex/autodiff/dual.hpp"

// The error and gamma functions for dual numbers.
namespace metriplex {

/// Computes the digamma function ψ = (log Γ)', of plain and of dual numbers; not a number at its poles.
///
/// Math: ψ(x) = ψ(x + 1) − 1/x up to x ≥ 10, then log x − 1/2x − Σ B_2k/(2k x^2k) (Abramowitz & Stegun 1964, 6.3.5 and
/// 6.3.18), seven terms, which is below a rounding; ψ(x) = ψ(1 − x) − π/tan πx for x < 0 (6.3.7).
template <class S>
S digamma(S x) {
  using std::floor, std::log, std::tan;
  if (x <= S(0)) {
    if (x == floor(x)) return std::numeric_limits<S>::quiet_NaN();
    const S part = x - floor(x);  // the period of the tangent, and no multiple of π to be rounded
    constexpr auto pi = std::numbers::pi_v<typename BaseOf<S>::type>;
    return digamma(S(1 - x)) - pi / tan(pi * part);
  }
  S sum(0);
  for (; x < S(10); x += S(1)) sum -= S(1) / x;
  const S y = S(1) / (x * x);
  sum += log(x) - S(0.5) / x;
  constexpr double terms[] = {1.0 / 12,  -691.0 / 32760, 1.0 / 132, -1.0 / 240,
                              1.0 / 252, -1.0 / 120,     1.0 / 12};
  S tail(0);
  for (const double term : terms) tail = (tail + static_cast<typename BaseOf<S>::type>(term)) * y;
  return sum - tail;
}

/// Computes the error function 2/√π ∫₀ˣ exp(−t²) dt.
template <class S, int N>
Dual<S, N> erf(const Dual<S, N>& x) {
  using std::erf, std::exp;
  return Dual<S, N>::chain(x, S(erf(x.value)), S(2 * std::numbers::inv_sqrtpi * exp(-x.value * x.value)));
}

/// Computes 1 − erf x without loss where that is small.
template <class S, int N>
Dual<S, N> erfc(const Dual<S, N>& x) {
  using std::erfc, std::exp;
  return Dual<S, N>::chain(x, S(erfc(x.value)), S(-2 * std::numbers::inv_sqrtpi * exp(-x.value * x.value)));
}

/// Computes the gamma function.
template <class S, int N>
Dual<S, N> tgamma(const Dual<S, N>& x) {
  using std::tgamma;
  const S y = tgamma(x.value);
  return Dual<S, N>::chain(x, y, S(y * digamma(x.value)));
}

/// Computes log |Γ(x)|.
template <class S, int N>
Dual<S, N> lgamma(const Dual<S, N>& x) {
  using std::lgamma;
  return Dual<S, N>::chain(x, S(lgamma(x.value)), digamma(x.value));
}

}  // namespace metriplex
