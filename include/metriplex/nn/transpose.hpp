#pragma once

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

/// Sums the lanes of each of `lanes` packs; lane k of the result is the sum of packs[k].
template <RealScalar Scalar, int Stage = 1>
[[gnu::always_inline]] inline Pack<Scalar> sum_lanes(Pack<Scalar> (&packs)[lanes<Scalar>]) {
  if constexpr (Stage < lanes<Scalar>) {
    unroll<lanes<Scalar> / (2 * Stage)>([&](auto i) __attribute__((always_inline)) {
      constexpr int a = i * 2 * Stage, b = a + Stage;
      exchange<Stage, Scalar>(packs[a], packs[b]);
      packs[a] += packs[b];
    });
    return sum_lanes<Scalar, 2 * Stage>(packs);
  } else {
    return packs[0];
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
  for (int f = 0; f < features; f += width) {
    for (int p = 0; p < points; p += width) {
      Pack<Scalar> packs[width];
      for (int i = 0; i < width; ++i)
        packs[i] = f + i < features ? load(from + (f + i) * points + p) : Pack<Scalar>{};
      transpose_packs<Scalar>(packs);
      for (int i = 0; i < width; ++i) store(to + (p + i) * To + f, packs[i]);
    }
  }
}

/// Multiplies a transposed matrix with a vector: y = Wᵀ d, for one point.
///
/// Shapes: W [rows x columns] with columns `rows` apart, rows a multiple of `lanes`; d [rows]; y [padded],
/// from `columns` on set to zero.
template <int rows, int columns, int padded, RealScalar Scalar>
inline void multiply_transposed(const Scalar* weights, const Scalar* d, Scalar* y) {
  constexpr int width = lanes<Scalar>;
  static_assert(rows % width == 0, "a product needs a multiple of the vector width of rows; pad inside");
  const auto block = [&]<int count>(std::integral_constant<int, count>, int j) {
    Pack<Scalar> sums[width] = {};
    for (int i = 0; i < rows; i += width) {
      const Pack<Scalar> factor = load(d + i);
      unroll<count>([&](auto k) __attribute__((always_inline)) {
        sums[k] += load(weights + (j + k) * rows + i) * factor;
      });
    }
    store(y + j, sum_lanes<Scalar>(sums));
  };
  int j = 0;
  for (; j + width <= columns; j += width) block(std::integral_constant<int, width>{}, j);
  if constexpr (columns % width > 0) block(std::integral_constant<int, columns % width>{}, j);
  for (j = round_up(columns, width); j < padded; j += width) store(y + j, Pack<Scalar>{});
}

}  // namespace metriplex
