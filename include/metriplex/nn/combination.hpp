#pragma once

#include <algorithm>

#include "metriplex/nn/elementwise.hpp"

namespace metriplex {

// Linear combinations of a few columns, as many as a rank or a latent dimension: the inner loop of hypernetworks.
// Several are made at once, since each then costs memory less than arithmetic.

/// to_j = from + Σ_k factors(k, j) · column k, for `Count` j's.
///
/// Shapes: columns [n x depth], `leading` apart; factors [depth x Count], without gaps; from [n]; to [n x Count],
/// `to_leading` apart; `to` may be `from`, if alone.
template <int Count, RealScalar Scalar>
void add_combinations(Index n, Index depth, const Scalar* columns, Index leading, const Scalar* factors,
                      const Scalar* from, Scalar* to, Index to_leading) {
  elementwise<Scalar>(
      n, [&]<class V>(Index i, V) __attribute__((always_inline)) {
        V totals[Count];
        unroll<Count>([&](auto j) __attribute__((always_inline)) { totals[j] = read<V>(from + i); });
        for (Index k = 0; k < depth; ++k) {
          const V column = read<V>(columns + k * leading + i);
          unroll<Count>([&](auto j)
                            __attribute__((always_inline)) { totals[j] += factors[j * depth + k] * column; });
        }
        unroll<Count>([&](auto j)
                          __attribute__((always_inline)) { write(to + j * to_leading + i, totals[j]); });
      });
}

/// to = from + Σ_k factors[k] · column k; `to` may be `from`.
template <RealScalar Scalar>
void add_combination(Index n, Index depth, const Scalar* columns, Index leading, const Scalar* factors,
                     const Scalar* from, Scalar* to) {
  add_combinations<1>(n, depth, columns, leading, factors, from, to, 0);
}

/// Pulls cotangents of `Count` combinations back to all that made them; accumulates.
///
/// Math: d_from += Σ_j d_j, d_column k += Σ_j factors(k, j) · d_j, d_factors(k, j) += column k · d_j.
/// Shapes: as in `add_combinations`; d [n x Count], `d_leading` apart.
template <int Count, RealScalar Scalar>
void add_combinations_pullback(Index n, Index depth, const Scalar* columns, Index leading,
                               const Scalar* factors, const Scalar* d, Index d_leading, Scalar* d_from,
                               Scalar* d_columns, Scalar* d_factors) {
  constexpr int width = lanes<Scalar>;
  static_assert(Count <= width || Count % width == 0);
  constexpr int group = std::min(Count, width);
  elementwise<Scalar>(
      n, [&]<class V>(Index i, V) __attribute__((always_inline)) {
        V total = read<V>(d_from + i);
        unroll<Count>([&](auto j)
                          __attribute__((always_inline)) { total += read<V>(d + j * d_leading + i); });
        write(d_from + i, total);
      });
  for (Index k = 0; k < depth; ++k) {
    Pack<Scalar> sums[Count / group][width] = {};
    Scalar rests[Count] = {};
    elementwise<Scalar>(
        n, [&]<class V>(Index i, V) __attribute__((always_inline)) {
          const Index at = k * leading + i;
          const V column = read<V>(columns + at);
          V total = read<V>(d_columns + at);
          unroll<Count>([&](auto j) __attribute__((always_inline)) {
            const V value = read<V>(d + j * d_leading + i);
            total += factors[j * depth + k] * value;
            if constexpr (std::is_same_v<V, Scalar>)
              rests[j] += column * value;
            else
              sums[j / group][j % group] += column * value;
          });
          write(d_columns + at, total);
        });
    for (int j = 0; j < Count; j += group) {
      const Pack<Scalar> totals = sum_lanes<Scalar, group>(sums[j / group]);
      for (int i = 0; i < group; ++i) d_factors[(j + i) * depth + k] += totals[i] + rests[j + i];
    }
  }
}

/// Calls body(first, count) for columns 0 … n−1, four at a time and then one by one; count is an
/// std::integral_constant.
template <class Body>
void for_each_four(Index n, Body&& body) {
  Index j = 0;
  for (; j + 4 <= n; j += 4) body(j, std::integral_constant<int, 4>{});
  for (; j < n; ++j) body(j, std::integral_constant<int, 1>{});
}

}  // namespace metriplex
