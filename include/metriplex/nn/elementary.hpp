#pragma once

#include <limits>

#include "metriplex/nn/simd.hpp"

namespace metriplex {

/// Chooses lane by lane: `mask ? yes : no`, for a mask made by comparing packs.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> select(const IntegerPack<Scalar>& mask,
                                                  const std::type_identity_t<Pack<Scalar>>& yes,
                                                  const std::type_identity_t<Pack<Scalar>>& no) {
  return mask ? yes : no;
}

/// Evaluates c₀ + x (c₁ + x (c₂ + …)) on every lane.
template <RealScalar Scalar, class... Rest>
[[gnu::always_inline]] inline Pack<Scalar> polynomial(const Pack<Scalar>& x, Scalar first, Rest... rest) {
  if constexpr (sizeof...(rest) == 0)
    return broadcast(first);
  else
    return broadcast(first) + x * polynomial<Scalar>(x, static_cast<Scalar>(rest)...);
}

/// Rounds to whole numbers n, and returns them and 2ⁿ.
///
/// Not: for numbers so large that 2ⁿ leaves the exponent's range; callers clamp.
template <RealScalar Scalar>
struct PowerOfTwo {
  Pack<Scalar> exponent, value;

  [[gnu::always_inline]] explicit inline PowerOfTwo(const Pack<Scalar>& x) {
    // Adding 1.5·2^(mantissa bits) leaves the rounded number in the low bits of the sum: no integer conversion.
    // Opaque, or flags that reassociate (-ffast-math) would take the sum and the difference for nothing at all.
    constexpr int mantissa = std::numeric_limits<Scalar>::digits - 1;
    constexpr Scalar shift = Scalar(1.5) * Scalar(std::int64_t{1} << mantissa);
    constexpr auto bias = typename PackOf<Scalar>::Integer(std::numeric_limits<Scalar>::max_exponent - 1);
    const Pack<Scalar> shifted = opaque<Scalar>(x + broadcast(shift));
    exponent = opaque<Scalar>(shifted - broadcast(shift));
    value = bits_as<Pack<Scalar>>((bits_as<IntegerPack<Scalar>>(shifted) + bias) << mantissa);
  }
};

/// Splits x = n·ln 2 + r with |r| ≤ ln 2 / 2, and returns e^r − 1 and 2^n.
template <RealScalar Scalar>
struct ReducedExponential {
  Pack<Scalar> expm1_r, power;

  /// Math: Cody & Waite reduction; Taylor's series of (e^r − 1)/r to the scalar's precision.
  /// Shapes: lanes.
  /// Not: for |x| so large that 2^n leaves the exponent's range; callers clamp.
  [[gnu::always_inline]] explicit inline ReducedExponential(const Pack<Scalar>& x) {
    const PowerOfTwo<Scalar> two_to_n(x * broadcast(Scalar(1.4426950408889634)));
    const Pack<Scalar>& n = two_to_n.exponent;
    power = two_to_n.value;
    if constexpr (sizeof(Scalar) == 8) {
      const Pack<Scalar> r = opaque<Scalar>(x - n * broadcast(Scalar(0x1.62e42fefa0000p-1))) -
                             n * broadcast(Scalar(0x1.cf79abc9e3b3ap-40));
      expm1_r = r * polynomial<Scalar>(r, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040,
                                       1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800,
                                       1.0 / 479001600, 1.0 / 6227020800);
    } else {
      const Pack<Scalar> r =
          opaque<Scalar>(x - n * broadcast(Scalar(0x1.62e400p-1))) - n * broadcast(Scalar(0x1.7f7d1cp-20));
      expm1_r =
          r * polynomial<Scalar>(r, 1.0f, 1.0f / 2, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040);
    }
  }
};

/// Bounds every lane to [−limit, limit]; a NaN stays one.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> clamp(const Pack<Scalar>& x, Scalar limit) {
  const Pack<Scalar> high = broadcast(limit), low = broadcast(-limit);
  // In the processor's own instructions, half as many as GCC 12 makes of comparisons of packs.
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  if constexpr (vector_kernels && sizeof(Packet) == sizeof(Pack<Scalar>))
    return bits_as<Pack<Scalar>>(Eigen::internal::pmax(
        Eigen::internal::pmin(bits_as<Packet>(x), bits_as<Packet>(high)), bits_as<Packet>(low)));
  const Pack<Scalar> below = select<Scalar>(x > high, high, x);
  return select<Scalar>(below < low, low, below);
}

/// Evaluates tanh on every lane, to 4 ulp of 1 (and to a few ulp of the result near 0).
///
/// Math: x = n·(ln 2)/2 + r, so that e^(2x) = 2ⁿ (1 + t)/(1 − t) with t = tanh r, |r| ≤ (ln 2)/4, and with t = r P/Q
/// (rational in r², minimax)  tanh x = ((2ⁿ − 1) Q + (2ⁿ + 1) r P) / ((2ⁿ + 1) Q + (2ⁿ − 1) r P): one division in all.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> tanh(const Pack<Scalar>& x) {
  const Pack<Scalar> one = broadcast(Scalar(1));
  // Beyond the limit tanh is 1 to the last bit.
  const Pack<Scalar> bounded = clamp<Scalar>(x, sizeof(Scalar) == 8 ? Scalar(20) : Scalar(10));
  const PowerOfTwo<Scalar> power(bounded * broadcast(Scalar(2.8853900817779268)));
  // One constant is enough: where its rounding grows, n times, tanh is flat.
  const Pack<Scalar> r = bounded - power.exponent * broadcast(Scalar(0.34657359027997264));
  Pack<Scalar> p, q;  // p is r P
  if constexpr (sizeof(Scalar) == 8) {
    const Pack<Scalar> r2 = r * r;
    p = r * polynomial<Scalar>(r2, 945.71754656709127, 105.06832920510280, 1.0);
    q = polynomial<Scalar>(r2, 945.71754656709127, 420.30751139412556, 15.006830924473234);
  } else {
    const Pack<Scalar> r2 = r * r;
    p = r * polynomial<Scalar>(r2, 15.0193336f, 1.0f);
    q = polynomial<Scalar>(r2, 15.0193336f, 6.00643960f);
  }
  const Pack<Scalar> less = power.value - one, more = power.value + one;
  return (less * q + more * p) / (more * q + less * p);
}

/// Bounds |x| for which e^x and e^(−x) are normal numbers.
template <RealScalar Scalar>
inline constexpr Scalar exponent_limit = sizeof(Scalar) == 8 ? Scalar(700) : Scalar(85);

/// Evaluates e^(−|x|) on every lane; beyond `exponent_limit` it stays at its smallest value.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> exp_of_minus_magnitude(const Pack<Scalar>& x) {
  const Pack<Scalar> minus = select<Scalar>(x > Pack<Scalar>{}, -x, x);
  const ReducedExponential<Scalar> e(clamp<Scalar>(minus, exponent_limit<Scalar>));
  return e.power * e.expm1_r + e.power;
}

/// Evaluates 1/(1 + e^(−x)) on every lane, given u = e^(−|x|).
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> logistic(const Pack<Scalar>& x, const Pack<Scalar>& u) {
  const Pack<Scalar> one = broadcast(Scalar(1));
  return select<Scalar>(x > Pack<Scalar>{}, one, u) / (one + u);
}

/// Evaluates ln(1 + u) on every lane, for u in [0, 1].
///
/// Math: ln(1 + u) = ln c + 2 artanh(s), s = (1 + u − c)/(1 + u + c), with c = 1 below √2 and 2 above, so
/// that |s| ≤ 0.172.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> log1p_of_unit(const Pack<Scalar>& u) {
  const Pack<Scalar> one = broadcast(Scalar(1)), zero{};
  const IntegerPack<Scalar> large = u > broadcast(Scalar(0.41421356237309503));
  const Pack<Scalar> c = select<Scalar>(large, one + one, one);
  const Pack<Scalar> s = (u - select<Scalar>(large, one, zero)) / (u + one + c);
  const Pack<Scalar> s2 = s * s;
  const Pack<Scalar> series = [&] {
    if constexpr (sizeof(Scalar) == 8)
      return polynomial<Scalar>(s2, 2.0, 2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15,
                                2.0 / 17, 2.0 / 19, 2.0 / 21);
    else
      return polynomial<Scalar>(s2, 2.0f, 2.0f / 3, 2.0f / 5, 2.0f / 7, 2.0f / 9);
  }();
  return s * series + select<Scalar>(large, broadcast(Scalar(0.6931471805599453)), zero);
}

/// Evaluates sine and cosine on every lane; full accuracy up to |x| of some 10⁴.
///
/// Math: x = n·π/2 + r in three parts (Cody & Waite), Taylor's series on |r| ≤ π/4, quadrant by n mod 4.
template <RealScalar Scalar>
[[gnu::always_inline]] inline void sincos(const Pack<Scalar>& x, Pack<Scalar>& sine, Pack<Scalar>& cosine) {
  constexpr int mantissa = std::numeric_limits<Scalar>::digits - 1;
  constexpr Scalar shift = Scalar(1.5) * Scalar(std::int64_t{1} << mantissa);
  const Pack<Scalar> shifted = opaque<Scalar>(x * broadcast(Scalar(0.6366197723675814)) + broadcast(shift));
  const Pack<Scalar> n = opaque<Scalar>(shifted - broadcast(shift));
  const IntegerPack<Scalar> quadrant = bits_as<IntegerPack<Scalar>>(shifted);
  Pack<Scalar> r, s, c;
  if constexpr (sizeof(Scalar) == 8) {
    r = opaque<Scalar>(opaque<Scalar>(x - n * broadcast(Scalar(0x1.921fb50000000p+0))) -
                       n * broadcast(Scalar(0x1.110b460000000p-26))) -
        n * broadcast(Scalar(0x1.1a62633145c07p-54));
    const Pack<Scalar> r2 = r * r;
    s = r * polynomial<Scalar>(r2, 1.0, -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800,
                               1.0 / 6227020800, -1.0 / 1307674368000, 1.0 / 355687428096000);
    c = polynomial<Scalar>(r2, 1.0, -1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800,
                           1.0 / 479001600, -1.0 / 87178291200, 1.0 / 20922789888000);
  } else {
    r = opaque<Scalar>(opaque<Scalar>(x - n * broadcast(Scalar(0x1.92p+0))) -
                       n * broadcast(Scalar(0x1.fb4p-12))) -
        n * broadcast(Scalar(0x1.4442d2p-24));
    const Pack<Scalar> r2 = r * r;
    s = r * polynomial<Scalar>(r2, 1.0f, -1.0f / 6, 1.0f / 120, -1.0f / 5040, 1.0f / 362880);
    c = polynomial<Scalar>(r2, 1.0f, -1.0f / 2, 1.0f / 24, -1.0f / 720, 1.0f / 40320, -1.0f / 3628800);
  }
  const IntegerPack<Scalar> odd = (quadrant & 1) != 0, sine_negative = (quadrant & 2) != 0,
                            cosine_negative = ((quadrant + 1) & 2) != 0;
  const Pack<Scalar> a = select<Scalar>(odd, c, s), b = select<Scalar>(odd, s, c);
  sine = select<Scalar>(sine_negative, -a, a);
  cosine = select<Scalar>(cosine_negative, -b, b);
}

}  // namespace metriplex
