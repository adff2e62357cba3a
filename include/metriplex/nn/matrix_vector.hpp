#pragma once

#include <algorithm>

#include "metriplex/nn/product.hpp"
#include "metriplex/nn/transpose.hpp"

namespace metriplex {

/// Multiplies `Packs` registers of rows with a vector; as many partial sums as hide an FMA's latency.
template <int Packs, int rows, int columns, Start start, RealScalar Scalar>
[[gnu::always_inline]] inline void multiply_vector_block(const Scalar* weights, const Scalar* x, Scalar* y,
                                                         const Scalar* bias) {
  constexpr int width = lanes<Scalar>, parts = std::min(std::max(1, 8 / Packs), columns);
  Pack<Scalar> sums[parts][Packs] = {};
  const auto add_columns = [&]<int count>(std::integral_constant<int, count>, int k)
      __attribute__((always_inline)) {
    unroll<count>([&](auto p) __attribute__((always_inline)) {
      const Pack<Scalar> factor = broadcast(x[k + p]);
      unroll<Packs>([&](auto i) __attribute__((always_inline)) {
        sums[p][i] += load(weights + (k + p) * rows + i * width) * factor;
      });
    });
  };
  int k = 0;
  for (; k + parts <= columns; k += parts) add_columns(std::integral_constant<int, parts>{}, k);
  if constexpr (columns % parts > 0) add_columns(std::integral_constant<int, columns % parts>{}, k);
  unroll<Packs>([&](auto i) __attribute__((always_inline)) {
    if constexpr (start == Start::bias) sums[0][i] += load(bias + i * width);
    unroll<parts - 1>([&](auto p) __attribute__((always_inline)) { sums[0][i] += sums[p + 1][i]; });
    store(y + i * width, sums[0][i]);
  });
}

/// Multiplies a matrix with a vector: y = W x, or y = W x + bias; one layer at one point.
///
/// Shapes: W [rows x columns], column-major, rows a multiple of `lanes`; x [columns]; y, bias [rows], y not x.
/// Cost: one pass over W, which is what limits it.
template <int rows, int columns, Start start, RealScalar Scalar>
[[gnu::noinline]] inline void multiply_vector(const Scalar* weights, const Scalar* x, Scalar* y,
                                              const Scalar* bias) {
  static_assert(start != Start::matrix, "a product with a vector starts from zero or a bias");
  constexpr int width = lanes<Scalar>;
  static_assert(rows % width == 0, "a product needs a multiple of the vector width of rows; pad inside");
  constexpr int packs = rows / width, block = std::min(packs, register_count / 2), rest = packs % block;
  const auto at = [bias](int row) { return start == Start::bias ? bias + row : nullptr; };
  int i = 0;
  for (; i + block * width <= rows; i += block * width)
    multiply_vector_block<block, rows, columns, start>(weights + i, x, y + i, at(i));
  if constexpr (rest > 0) multiply_vector_block<rest, rows, columns, start>(weights + i, x, y + i, at(i));
}

/// Multiplies a transposed matrix with a vector: y = Wᵀ d.
///
/// Columns are read from the last to the first: after a product that read them first to last, the last ones
/// are still in the first-level cache, and so are the first ones for the product that comes next.
/// Shapes: W [rows x columns], column-major, rows a multiple of `lanes`; d [rows]; y [padded], from `columns`
/// on set to zero.
template <int rows, int columns, int padded, RealScalar Scalar>
[[gnu::noinline]] inline void multiply_vector_transposed(const Scalar* weights, const Scalar* d, Scalar* y) {
  constexpr int width = lanes<Scalar>, rest = columns % width;
  static_assert(rows % width == 0, "a product needs a multiple of the vector width of rows; pad inside");
  const auto block = [&]<int count>(std::integral_constant<int, count>, int j)
      __attribute__((always_inline)) {
    Pack<Scalar> sums[width] = {};
    for (int i = 0; i < rows; i += width) {
      const Pack<Scalar> factor = load(d + i);
      const Scalar* w = opaque(weights + j * rows + i);
      unroll<count>([&](auto k) __attribute__((always_inline)) { sums[k] += load(w + k * rows) * factor; });
    }
    store(y + j, sum_lanes<Scalar, count>(sums));
  };
  for (int j = round_up(columns, width); j < padded; j += width) store(y + j, Pack<Scalar>{});
  if constexpr (rest > 0) block(std::integral_constant<int, rest>{}, columns - rest);
  for (int j = columns - rest - width; j >= 0; j -= width) block(std::integral_constant<int, width>{}, j);
}

}  // namespace metriplex
