#pragma once

#include <algorithm>

#include "metriplex/nn/simd.hpp"

namespace metriplex {

/// Exchanges, between packs `a` and `b`, the lanes in which bit `Stage` of the lane number differs from the
/// pack's own: one step of a transposition in registers.
///
/// Math: a'[k] = k & Stage ? b[k ^ Stage] : a[k],  b'[k] = k & Stage ? b[k] : a[k ^ Stage].
template <int Stage, RealScalar Scalar>
[[gnu::always_inline]] inline void exchange(Pack<Scalar>& a, Pack<Scalar>& b) {
  constexpr int width = lanes<Scalar>;
  [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
    const Pack<Scalar> low = __builtin_shufflevector(a, b, (K & Stage ? width + (K ^ Stage) : K)...);
    b = __builtin_shufflevector(a, b, (K & Stage ? width + K : K ^ Stage)...);
    a = low;
  }
  (std::make_integer_sequence<int, width>{});
}

/// Transposes a square of `lanes` packs in registers.
template <RealScalar Scalar, int Stage = 1>
[[gnu::always_inline]] inline void transpose_packs(Pack<Scalar> (&packs)[lanes<Scalar>]) {
  if constexpr (Stage < lanes<Scalar>) {
    unroll<lanes<Scalar>>([&](auto i) __attribute__((always_inline)) {
      if constexpr ((i & Stage) == 0) exchange<Stage, Scalar>(packs[i], packs[i | Stage]);
    });
    transpose_packs<Scalar, 2 * Stage>(packs);
  }
}

/// Takes from `a` the lanes in which bit `Stage` of the lane number is 0 and from `b` the others, each from its
/// own lane or, if `swapped`, from the one that differs in that bit.
template <int Stage, bool swapped, RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> interleave(const Pack<Scalar>& a, const Pack<Scalar>& b) {
  return [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
    return __builtin_shufflevector(a, b, ((K & Stage ? lanes<Scalar> : 0) + (swapped ? K ^ Stage : K))...);
  }
  (std::make_integer_sequence<int, lanes<Scalar>>{});
}

/// Sums the lanes of each of the first `count` packs; lane k of the result is the sum of packs[k], and 0 from
/// `count` on.
template <RealScalar Scalar, int count = lanes<Scalar>, int Stage = 1>
[[gnu::always_inline]] inline Pack<Scalar> sum_lanes(Pack<Scalar> (&packs)[lanes<Scalar>]) {
  if constexpr (Stage < lanes<Scalar>) {
    // Sums of 2·Stage lanes, of packs a and b side by side; where there is no b any more, of a alone.
    unroll<lanes<Scalar> / (2 * Stage)>([&](auto i) __attribute__((always_inline)) {
      constexpr int a = i * 2 * Stage, b = a + Stage < count ? a + Stage : a;
      if constexpr (a < count)
        packs[a] = interleave<Stage, false, Scalar>(packs[a], packs[b]) +
                   interleave<Stage, true, Scalar>(packs[a], packs[b]);
    });
    return sum_lanes<Scalar, count, 2 * Stage>(packs);
  } else if constexpr (count == lanes<Scalar>) {
    return packs[0];
  } else {
    const Pack<Scalar> zero{};
    return [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
      return __builtin_shufflevector(packs[0], zero, (K < count ? K : lanes<Scalar> + K)...);
    }
    (std::make_integer_sequence<int, lanes<Scalar>>{});
  }
}

/// Sums the lanes of one pack, in a fixed order.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Scalar sum(const Pack<Scalar>& pack) {
  Scalar total = pack[0];
  for (int k = 1; k < lanes<Scalar>; ++k) total += pack[k];
  return total;
}

/// Transposes a tile of points (points contiguous) to features contiguous, padded with zeros.
///
/// Shapes: from [points x features], to [round_up(features, lanes) x points] with columns `To` apart.
template <int points, int features, int To, RealScalar Scalar>
inline void transpose_tile(const Scalar* from, Scalar* to) {
  constexpr int width = lanes<Scalar>;
  const auto square = [&]<int count>(std::integral_constant<int, count>, int f) {
    for (int p = 0; p < points; p += width) {
      Pack<Scalar> packs[width];
      unroll<width>([&](auto i) __attribute__((always_inline)) {
        packs[i] = i < count ? load(from + (f + i) * points + p) : Pack<Scalar>{};
      });
      transpose_packs<Scalar>(packs);
      unroll<width>([&](auto i) __attribute__((always_inline)) { store(to + (p + i) * To + f, packs[i]); });
    }
  };
  int f = 0;
  for (; f + width <= features; f += width) square(std::integral_constant<int, width>{}, f);
  if constexpr (features % width > 0) square(std::integral_constant<int, features % width>{}, f);
}

/// Sums a transposed tile over its points: a layer's bias gradient; adds to `to` unless it `overwrite`s.
///
/// Shapes: from [rows x points], to [rows], rows a multiple of `lanes`.
template <int points, int rows, RealScalar Scalar>
inline void sum_points(const Scalar* from, Scalar* to, bool overwrite) {
  constexpr int packs = rows / lanes<Scalar>, group = std::min(packs, 8);
  const auto add_points = [&]<int count>(std::integral_constant<int, count>, int first) {
    Pack<Scalar> totals[count] = {};
    for (int p = 0; p < points; ++p)
      unroll<count>([&](auto i) { totals[i] += load(from + p * rows + first + i * lanes<Scalar>); });
    unroll<count>([&](auto i) {
      Scalar* at = to + first + i * lanes<Scalar>;
      store(at, overwrite ? totals[i] : load(at) + totals[i]);
    });
  };
  int i = 0;
  for (; i + group <= packs; i += group) add_points(std::integral_constant<int, group>{}, i * lanes<Scalar>);
  if constexpr (packs % group > 0)
    add_points(std::integral_constant<int, packs % group>{}, i * lanes<Scalar>);
}

/// Sums what the output of a scalar network owes its weights over a tile: dW += Σ_p e + s h, db += Σ_p s; overwrites them if
/// `overwrite`.
///
/// Shapes: h [points x features], columns `Column` apart, e `Tangent` after it; d_value (s) [points] or null: zero.
template <int points, int features, int Column, int Tangent, RealScalar Scalar>
void output_gradient(const Scalar* h, const Scalar* d_value, Scalar* d_weight, Scalar* d_bias,
                     bool overwrite) {
  const auto add_total = [&](Scalar* to, Scalar total) { *to = overwrite ? total : *to + total; };
  for (int k = 0; k < features; k += lanes<Scalar>) {
    Pack<Scalar> sums[lanes<Scalar>] = {};
    unroll<lanes<Scalar>>([&](auto i) {
      const Scalar* column = h + std::min(k + i, features - 1) * Column;
      for (int p = 0; p < points; p += lanes<Scalar>) {
        sums[i] += load(column + Tangent + p);
        if (d_value != nullptr) sums[i] += load(column + p) * load(d_value + p);
      }
    });
    const Pack<Scalar> totals = sum_lanes<Scalar>(sums);
    for (int i = 0; i < std::min(lanes<Scalar>, features - k); ++i) add_total(d_weight + k + i, totals[i]);
  }
  Scalar total = 0;
  if (d_value != nullptr)
    for (int p = 0; p < points; ++p) total += d_value[p];
  add_total(d_bias, total);
}

}  // namespace metriplex
