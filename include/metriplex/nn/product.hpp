#pragma once

#include <algorithm>

#include "metriplex/nn/simd.hpp"

namespace metriplex {

/// What a product starts its sums with.
enum class Start { zero, bias, sum };

/// Multiplies one block of `Packs` registers of rows by `Columns` columns; its sums never leave registers.
template <int Packs, int Columns, int A, int BRow, int BColumn, int C, Start start, RealScalar Scalar>
[[gnu::always_inline]] inline void multiply_block(int depth, const Scalar* a, const Scalar* b, Scalar* c,
                                                  const Scalar* bias) {
  constexpr int width = lanes<Scalar>;
  Pack<Scalar> sums[Columns][Packs];
  unroll<Columns>([&](auto j) __attribute__((always_inline)) {
    unroll<Packs>([&](auto i) __attribute__((always_inline)) {
      if constexpr (start == Start::zero) sums[j][i] = Pack<Scalar>{};
      if constexpr (start == Start::bias) sums[j][i] = broadcast(bias[j]);
      if constexpr (start == Start::sum) sums[j][i] = load(c + j * C + i * width);
    });
  });
  for (int k = 0; k < depth; ++k, a += A, b += BRow) {
    Pack<Scalar> rows[Packs];
    unroll<Packs>([&](auto i) __attribute__((always_inline)) { rows[i] = load(a + i * width); });
    unroll<Columns>([&](auto j) __attribute__((always_inline)) {
      const Pack<Scalar> factor = broadcast(b[j * BColumn]);
      unroll<Packs>([&](auto i) __attribute__((always_inline)) { sums[j][i] += rows[i] * factor; });
    });
  }
  unroll<Columns>([&](auto j) __attribute__((always_inline)) {
    unroll<Packs>([&](auto i) __attribute__((always_inline)) { store(c + j * C + i * width, sums[j][i]); });
  });
}

/// Multiplies small matrices of compile-time sizes: C = A B, C = A B + bias (one value a column), or C += A
/// B.
///
/// Every product of the library's hot path is this one: layers (A a tile of points, B the transposed
/// weights), their transposes, and weight gradients (A a transposed tile).
/// Shapes: A [rows x depth], B [depth x columns], C [rows x columns]; rows must be a multiple of `lanes`. A's
/// and C's columns are contiguous and lie `A` and `C` scalars apart; element (k, n) of B lies at k·BRow +
/// n·BColumn, so that B and its transpose are one call.
/// Cost: 2·rows·columns·depth flops; blocks of 4 × 6 registers on AVX-512, 2 × 6 elsewhere.
template <int rows, int columns, int A, int BRow, int BColumn, int C, Start start, RealScalar Scalar>
inline void multiply(int depth, const Scalar* a, const Scalar* b, Scalar* c, const Scalar* bias = nullptr) {
  constexpr int width = lanes<Scalar>;
  static_assert(rows % width == 0, "a product needs a multiple of the vector width of rows; pad inside");
  constexpr int packs = rows / width;
  // One column alone needs as many chains of sums as an FMA takes cycles, times the FMAs a cycle.
  constexpr int block_packs = std::min(packs, columns == 1 ? 8 : register_count == 32 ? 4 : 2);
  constexpr int block_columns = std::min(columns, 6);
  constexpr int rest_packs = packs % block_packs, rest_columns = columns % block_columns;
  const auto strip = [&]<int count>(std::integral_constant<int, count>, int j) {
    const Scalar* b_j = b + j * BColumn;
    const Scalar* bias_j = start == Start::bias ? bias + j : nullptr;
    int i = 0;
    for (; i + block_packs <= packs; i += block_packs)
      multiply_block<block_packs, count, A, BRow, BColumn, C, start>(depth, a + i * width, b_j,
                                                                     c + i * width + j * C, bias_j);
    if constexpr (rest_packs > 0)
      multiply_block<rest_packs, count, A, BRow, BColumn, C, start>(depth, a + i * width, b_j,
                                                                    c + i * width + j * C, bias_j);
  };
  int j = 0;
  for (; j + block_columns <= columns; j += block_columns)
    strip(std::integral_constant<int, block_columns>{}, j);
  if constexpr (rest_columns > 0) strip(std::integral_constant<int, rest_columns>{}, j);
}

}  // namespace metriplex
