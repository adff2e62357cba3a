#pragma once

#include <algorithm>

#include "metriplex/nn/simd.hpp"

namespace metriplex {

/// What a product starts its sums from: zero, one value a column, or a matrix.
enum class Start { zero, bias, matrix };

/// Multiplies one block of `Packs` registers of rows by `Columns` columns; its sums never leave registers.
template <int Packs, int Columns, int A, int BRow, int BColumn, int C, Start start, RealScalar Scalar>
[[gnu::always_inline]] inline void multiply_block(int depth, const Scalar* a, const Scalar* b, Scalar* c,
                                                  const Scalar* from) {
  constexpr int width = lanes<Scalar>;
  Pack<Scalar> sums[Columns][Packs];
  unroll<Columns>([&](auto j) __attribute__((always_inline)) {
    unroll<Packs>([&](auto i) __attribute__((always_inline)) {
      if constexpr (start == Start::zero) sums[j][i] = Pack<Scalar>{};
      if constexpr (start == Start::bias) sums[j][i] = broadcast(from[j]);
      if constexpr (start == Start::matrix)
        sums[j][i] = from != nullptr ? load(from + j * C + i * width) : Pack<Scalar>{};
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

/// Multiplies by a strip of `columns` columns; see `multiply`.
// A function of its own: networks of many layers share it, and what its caller keeps in registers stays out of
// its blocks.
template <int rows, int columns, int A, int BRow, int BColumn, int C, Start start, RealScalar Scalar>
[[gnu::noinline]] inline void multiply_strip(int depth, const Scalar* a, const Scalar* b, Scalar* c,
                                             const Scalar* from) {
  constexpr int width = lanes<Scalar>;
  static_assert(rows % width == 0, "a product needs a multiple of the vector width of rows; pad inside");
  if constexpr (vector_kernels) {
    // Fewer than eight sums would wait for one another.
    constexpr int packs = rows / width, tall = register_count == 32 || columns < 4 ? 4 : 2;
    constexpr int block = std::min(packs, tall), rest = packs % block;
    const auto at = [from](int row) { return start == Start::matrix && from != nullptr ? from + row : from; };
    int i = 0;
    for (; i + block * width <= rows; i += block * width)
      multiply_block<block, columns, A, BRow, BColumn, C, start>(depth, a + i, b, c + i, at(i));
    if constexpr (rest > 0)
      multiply_block<rest, columns, A, BRow, BColumn, C, start>(depth, a + i, b, c + i, at(i));
  } else {
    using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    const Eigen::Map<const Matrix<Scalar>, 0, Eigen::OuterStride<>> left(a, rows, depth,
                                                                         Eigen::OuterStride<>(A));
    const Eigen::Map<const Matrix<Scalar>, 0, Stride> right(b, depth, columns, Stride(BColumn, BRow));
    Eigen::Map<Matrix<Scalar>, 0, Eigen::OuterStride<>> product(c, rows, columns, Eigen::OuterStride<>(C));
    if (start == Start::zero || from == nullptr)
      product.setZero();
    else if constexpr (start == Start::bias)
      product.rowwise() = Eigen::Map<const Eigen::Matrix<Scalar, 1, columns>>(from);
    else
      product = Eigen::Map<const Matrix<Scalar>, 0, Eigen::OuterStride<>>(from, rows, columns,
                                                                          Eigen::OuterStride<>(C));
    product.noalias() += left * right;
  }
}

/// Does nothing after a strip of a product.
struct NoEpilogue {
  void operator()(int, int) const {}
};

/// Multiplies small matrices of compile-time sizes: C = A B, C = A B + bias (one value a column), or C = C₀ + A B.
///
/// Every product of tiles is this one: layers (A a tile of points, B the transposed weights), their
/// transposes, and weight gradients (A a transposed tile). C is made strip by strip; epilogue(from, to) is
/// called for each, as soon as its columns are there and before they leave the cache.
/// Shapes: A [rows x depth], B [depth x columns], C [rows x columns]; rows must be a multiple of `lanes`. A's
/// and C's columns are contiguous and lie `A` and `C` scalars apart; element (k, n) of B lies at k·BRow +
/// n·BColumn, so that B and its transpose are one call. `from` is the bias [columns], or C₀ laid out as C (null:
/// zero), which C may overwrite.
/// Cost: 2·rows·columns·depth flops; blocks of 4 × 6 registers on AVX-512, 2 × 6 elsewhere (4 × 3 and narrower).
template <int rows, int columns, int A, int BRow, int BColumn, int C, Start start, RealScalar Scalar,
          class Epilogue = NoEpilogue>
inline void multiply(int depth, const Scalar* a, const Scalar* b, Scalar* c,
                     const std::type_identity_t<Scalar>* from = nullptr, const Epilogue& epilogue = {}) {
  // Strips of up to six columns and of one less: a narrow last strip would not keep the multipliers busy.
  constexpr int strips = (columns + 5) / 6, narrow = columns / strips, wide = columns % strips;
  const auto make = [&]<int count>(std::integral_constant<int, count>, int j) {
    constexpr int step = start == Start::bias ? 1 : C;
    multiply_strip<rows, count, A, BRow, BColumn, C, start>(depth, a, b + j * BColumn, c + j * C,
                                                            from != nullptr ? from + j * step : nullptr);
    epilogue(j, j + count);
  };
  int j = 0;
  if constexpr (wide > 0)
    for (; j < wide * (narrow + 1); j += narrow + 1) make(std::integral_constant<int, narrow + 1>{}, j);
  for (; j < columns; j += narrow) make(std::integral_constant<int, narrow>{}, j);
}

}  // namespace metriplex
