#pragma once

#include <algorithm>

#include "metriplex/nn/elementwise.hpp"

namespace metriplex {

// A linear combination of a few columns, in one pass over memory: the inner loop of low-rank updates and of
// hypernetworks, whose depth is a rank or a latent dimension.

/// to = from + Σ_k factors[k] · column k.
///
/// Shapes: columns [n x Count], `leading` apart; factors [Count]; from, to [n], which may be the same.
template <int Count, RealScalar Scalar>
void add_combination(Index n, const Scalar* columns, Index leading, const Scalar* factors, const Scalar* from,
                     Scalar* to) {
  elementwise<Scalar>(
      n, [&]<class V>(Index i, V) __attribute__((always_inline)) {
        V total = read<V>(from + i);
        unroll<Count>([&](auto k) __attribute__((always_inline)) {
          total += factors[k] * read<V>(columns + k * leading + i);
        });
        write(to + i, total);
      });
}

/// Pulls a cotangent of `to` back to all that made it, also in one pass; accumulates.
///
/// Math: d_from += d, d_column k += factors[k] · d, d_factors[k] += column k · d.
/// Shapes: d, d_from [n] (or null); columns, d_columns [n x Count], `leading` apart; factors, d_factors [Count].
template <int Count, RealScalar Scalar>
void add_combination_pullback(Index n, const Scalar* columns, Index leading, const Scalar* factors,
                              const Scalar* d, Scalar* d_from, Scalar* d_columns, Scalar* d_factors) {
  constexpr int width = lanes<Scalar>, groups = (Count + width - 1) / width;
  Pack<Scalar> sums[groups][width] = {};
  Scalar rests[Count] = {};
  elementwise<Scalar>(
      n, [&]<class V>(Index i, V) __attribute__((always_inline)) {
        const V value = read<V>(d + i);
        if (d_from != nullptr) write(d_from + i, read<V>(d_from + i) + value);
        unroll<Count>([&](auto k) __attribute__((always_inline)) {
          const Index at = k * leading + i;
          write(d_columns + at, read<V>(d_columns + at) + factors[k] * value);
          if constexpr (std::is_same_v<V, Scalar>)
            rests[k] += read<V>(columns + at) * value;
          else
            sums[k / width][k % width] += read<V>(columns + at) * value;
        });
      });
  unroll<groups>([&](auto group) __attribute__((always_inline)) {
    const Pack<Scalar> totals = sum_lanes<Scalar>(sums[group]);
    for (int k = 0; k < width && group * width + k < Count; ++k)
      d_factors[group * width + k] += totals[k] + rests[group * width + k];
  });
}

/// As `add_combination`, for a number of columns that is known at run time only: four at a time.
template <RealScalar Scalar>
void add_combination(Index n, Index count, const Scalar* columns, Index leading, const Scalar* factors,
                     const Scalar* from, Scalar* to) {
  Index k = 0;
  for (; k + 4 <= count; k += 4, from = to)
    add_combination<4>(n, columns + k * leading, leading, factors + k, from, to);
  for (; k < count; ++k, from = to)
    add_combination<1>(n, columns + k * leading, leading, factors + k, from, to);
  if (from != to) std::copy_n(from, n, to);
}

/// As `add_combination_pullback`, for a number of columns that is known at run time only.
template <RealScalar Scalar>
void add_combination_pullback(Index n, Index count, const Scalar* columns, Index leading,
                              const Scalar* factors, const Scalar* d, Scalar* d_from, Scalar* d_columns,
                              Scalar* d_factors) {
  add_to(n, d, d_from);
  Index k = 0;
  for (; k + 4 <= count; k += 4)
    add_combination_pullback<4>(n, columns + k * leading, leading, factors + k, d,
                                static_cast<Scalar*>(nullptr), d_columns + k * leading, d_factors + k);
  for (; k < count; ++k)
    add_combination_pullback<1>(n, columns + k * leading, leading, factors + k, d,
                                static_cast<Scalar*>(nullptr), d_columns + k * leading, d_factors + k);
}

}  // namespace metriplex
