#pragma once

#include <cmath>
#include <cstddef>

#include "metriplex/autodiff/dual.hpp"

// The functions of <cmath> and <algorithm> that compare, choose, round or take apart, for dual numbers, and what the
// smooth ones need beside `Dual::chain`. Where values are equal, the first tangents that differ decide: derivatives are
// those of one side, the same for all functions.
namespace metriplex {

/// Tells whether a number is zero in its value and in all its tangents.
template <class S>
constexpr bool vanishes(const S& x) {
  return x == S(0);
}
template <class S, int N>
constexpr bool vanishes(const Dual<S, N>& x) {
  for (const S& t : x.tangent)
    if (!vanishes(t)) return false;
  return vanishes(x.value);
}

/// Applies f to x as `Dual::chain` does, where f'(x) may be infinite: what does not vary stays, 0 · ∞ being 0.
template <class S, int N>
constexpr Dual<S, N> chain_at_pole(const Dual<S, N>& x, const S& f, const S& df) {
  Dual<S, N> y(f);
  for (std::size_t i = 0; i < N; ++i)
    if (!vanishes(x.tangent[i])) y.tangent[i] = df * x.tangent[i];
  return y;
}
template <class S, int N>
constexpr Dual<S, N> chain_at_pole(const Dual<S, N>& x, const Dual<S, N>& y, const S& f, const S& df_x,
                                   const S& df_y) {
  return chain_at_pole(x, f, df_x) + chain_at_pole(y, S(0), df_y);
}

/// Tells whether the value and all tangents are finite.
template <class S, int N>
bool isfinite(const Dual<S, N>& x) {
  using std::isfinite;
  for (const S& t : x.tangent)
    if (!isfinite(t)) return false;
  return isfinite(x.value);
}

/// Tells whether the value is not a number.
template <class S, int N>
bool isnan(const Dual<S, N>& x) {
  using std::isnan;
  return isnan(x.value);
}

/// Tells whether the value is infinite.
template <class S, int N>
bool isinf(const Dual<S, N>& x) {
  using std::isinf;
  return isinf(x.value);
}

/// Tells whether the value is normal.
template <class S, int N>
bool isnormal(const Dual<S, N>& x) {
  using std::isnormal;
  return isnormal(x.value);
}

/// Tells whether the value carries a minus.
template <class S, int N>
bool signbit(const Dual<S, N>& x) {
  using std::signbit;
  return signbit(x.value);
}

/// Computes |x|, as `abs` does.
template <class S, int N>
constexpr Dual<S, N> fabs(const Dual<S, N>& x) {
  return abs(x);
}

/// Computes the whole number below, above, towards zero, or nearest (halves away from zero): constants.
template <class S, int N>
Dual<S, N> floor(const Dual<S, N>& x) {
  using std::floor;
  return S(floor(x.value));
}
template <class S, int N>
Dual<S, N> ceil(const Dual<S, N>& x) {
  using std::ceil;
  return S(ceil(x.value));
}
template <class S, int N>
Dual<S, N> trunc(const Dual<S, N>& x) {
  using std::trunc;
  return S(trunc(x.value));
}
template <class S, int N>
Dual<S, N> round(const Dual<S, N>& x) {
  using std::round;
  return S(round(x.value));
}

/// Chooses the larger; x where they are alike.
template <class S, int N>
constexpr Dual<S, N> max(const Dual<S, N>& x, const Dual<S, N>& y) {
  return first_sign(y - x) > 0 ? y : x;
}
/// Chooses the smaller; x where they are alike.
template <class S, int N>
constexpr Dual<S, N> min(const Dual<S, N>& x, const Dual<S, N>& y) {
  return first_sign(x - y) > 0 ? y : x;
}
/// Chooses the larger, and what is a number where one is not.
template <class S, int N>
Dual<S, N> fmax(const Dual<S, N>& x, const Dual<S, N>& y) {
  return isnan(x) ? y : isnan(y) ? x : max(x, y);
}
/// Chooses the smaller, and what is a number where one is not.
template <class S, int N>
Dual<S, N> fmin(const Dual<S, N>& x, const Dual<S, N>& y) {
  return isnan(x) ? y : isnan(y) ? x : min(x, y);
}
/// Computes max(x − y, 0).
template <class S, int N>
Dual<S, N> fdim(const Dual<S, N>& x, const Dual<S, N>& y) {
  return max(x - y, Dual<S, N>(0));
}

/// Computes |x| with the sign of y.
template <class S, int N>
Dual<S, N> copysign(const Dual<S, N>& x, const Dual<S, N>& y) {
  const int sign = first_sign(y);
  return sign < 0 || (sign == 0 && signbit(y)) ? -abs(x) : abs(x);
}

/// Computes what is left of x after whole multiples of y, towards zero.
template <class S, int N>
Dual<S, N> fmod(const Dual<S, N>& x, const Dual<S, N>& y) {
  using std::fmod, std::round;
  const S rest = fmod(x.value, y.value);
  return Dual<S, N>::chain(x, y, rest, S(1), S(-round((x.value - rest) / y.value)));
}
/// Computes what is left of x after the nearest whole multiple of y.
template <class S, int N>
Dual<S, N> remainder(const Dual<S, N>& x, const Dual<S, N>& y) {
  using std::remainder, std::round;
  const S rest = remainder(x.value, y.value);
  return Dual<S, N>::chain(x, y, rest, S(1), S(-round((x.value - rest) / y.value)));
}

}  // namespace metriplex
