#pragma once

#include <algorithm>

#include "metriplex/core/layer.hpp"
#include "metriplex/nn/elementwise.hpp"

namespace metriplex {

// The update of a layer by a matrix of low rank, U diag(s) Vᵀ, and its pullback; the rank is known at compile time,
// the sizes are not. Factors U [out x Rank] and V [in x Rank] are column-major and unpadded; s is [Rank].

/// A layer's matrix as its memory runs: one with a single output is a contiguous row and taken as its transpose,
/// where U and V change places.
template <class Scalar>
struct LowRankView {
  bool transposed;
  Index rows, columns, leading;
  Scalar* data;

  template <class Layer>
  LowRankView(const LayerShape& shape, Layer& layer)
      : transposed(layer.weight.outerStride() == 1),
        rows(transposed ? shape.in : shape.out),
        columns(transposed ? 1 : shape.in),
        leading(transposed ? shape.in : layer.weight.outerStride()),
        data(layer.weight.data()) {}
};

/// How many packs of rows stay in registers for every column of a factor.
template <int Rank>
inline constexpr int low_rank_packs = std::max(1, (register_count - register_count / 4) / (Rank + 1));

/// Calls body(row, V, packs) for all rows: `Packs` packs at a time, then pack by pack, then one by one; V is a
/// value of the type to read, packs an std::integral_constant.
template <int Packs, RealScalar Scalar, class Body>
[[gnu::always_inline]] inline void for_each_rows(Index rows, Body&& body) {
  constexpr int width = lanes<Scalar>;
  Index row = 0;
  for (; row + Packs * width <= rows; row += Packs * width)
    body(row, Pack<Scalar>{}, std::integral_constant<int, Packs>{});
  if constexpr (Packs > 1)
    for (; row + width <= rows; row += width) body(row, Pack<Scalar>{}, std::integral_constant<int, 1>{});
  for (; row < rows; ++row) body(row, Scalar{}, std::integral_constant<int, 1>{});
}

/// The factors of one term U diag(s) Vᵀ.
template <class Scalar>
struct LowRankTerm {
  const Scalar *u, *s, *v;
};

/// to = from + Σ U diag(s) Vᵀ, or that sum alone where `from` is nullptr: all terms in one pass over memory.
template <int Rank, RealScalar Scalar, int Terms, class From>
void add_low_rank(const LowRankTerm<Scalar> (&terms)[Terms], const From& from,
                  const LowRankView<Scalar>& to) {
  const Scalar *u[Terms], *v[Terms];
  for (int t = 0; t < Terms; ++t) {
    u[t] = to.transposed ? terms[t].v : terms[t].u;
    v[t] = to.transposed ? terms[t].u : terms[t].v;
  }
  const auto strip = [&]<class V, int packs>(Index row, V, std::integral_constant<int, packs>) {
    constexpr int width = sizeof(V) / sizeof(Scalar);
    V factor[Terms * Rank][packs];
    unroll<Terms * Rank>([&](auto k) __attribute__((always_inline)) {
      constexpr int t = k / Rank, column = k % Rank;
      unroll<packs>([&](auto p) __attribute__((always_inline)) {
        factor[k][p] = read<V>(u[t] + column * to.rows + row + p * width) * terms[t].s[column];
      });
    });
    for (Index j = 0; j < to.columns; ++j) {
      V sums[packs] = {};
      if constexpr (!std::is_null_pointer_v<From>)
        unroll<packs>([&](auto p) __attribute__((always_inline)) {
          sums[p] = read<V>(from.data + j * from.leading + row + p * width);
        });
      unroll<Terms * Rank>([&](auto k) __attribute__((always_inline)) {
        const Scalar by = v[k / Rank][k % Rank * to.columns + j];
        unroll<packs>([&](auto p) __attribute__((always_inline)) { sums[p] += factor[k][p] * by; });
      });
      unroll<packs>([&](auto p) __attribute__((always_inline)) {
        write(to.data + j * to.leading + row + p * width, sums[p]);
      });
    }
  };
  for_each_rows<low_rank_packs<Terms * Rank>, Scalar>(to.rows, strip);
}

/// d_u += D V diag(s), d_s += diag(Uᵀ D V) unless null, and d_from += D on the way, for columns `from` … `to` − 1
/// of D.
template <int Rank, RealScalar Scalar>
void pull_back_to_rows(Index from, Index to, const Scalar* u, const Scalar* s, const Scalar* v,
                       const LowRankView<const Scalar>& d, const LowRankView<Scalar>& d_from, Scalar* d_u,
                       Scalar* d_s) {
  const auto strip = [&]<class V, int packs>(Index row, V, std::integral_constant<int, packs>) {
    constexpr int width = sizeof(V) / sizeof(Scalar);
    V sums[Rank][packs] = {};
    for (Index j = from; j < to; ++j) {
      V rows[packs];
      unroll<packs>([&](auto p) __attribute__((always_inline)) {
        rows[p] = read<V>(d.data + j * d.leading + row + p * width);
        Scalar* sum = d_from.data + j * d_from.leading + row + p * width;
        write(sum, read<V>(sum) + rows[p]);
      });
      unroll<Rank>([&](auto k) __attribute__((always_inline)) {
        const Scalar by = v[k * d.columns + j];
        unroll<packs>([&](auto p) __attribute__((always_inline)) { sums[k][p] += rows[p] * by; });
      });
    }
    unroll<Rank>([&](auto k) __attribute__((always_inline)) {
      V along{};
      unroll<packs>([&](auto p) __attribute__((always_inline)) {
        const Index at = k * d.rows + row + p * width;
        write(d_u + at, read<V>(d_u + at) + sums[k][p] * s[k]);
        along += read<V>(u + at) * sums[k][p];
      });
      if (d_s == nullptr) return;
      if constexpr (std::is_same_v<V, Scalar>)
        d_s[k] += along;
      else
        d_s[k] += sum<Scalar>(along);
    });
  };
  for_each_rows<low_rank_packs<Rank>, Scalar>(d.rows, strip);
}

/// d_v += Dᵀ U diag(s), for columns `from` … `to` − 1 of D and `first` … `first` + Count − 1 of U and V.
template <int Count, RealScalar Scalar>
void pull_back_to_columns(Index from, Index to, int first, const Scalar* u, const Scalar* s,
                          const LowRankView<const Scalar>& d, Scalar* d_v) {
  constexpr int width = lanes<Scalar>, block = std::min(width, 8);
  const Index whole = d.rows - d.rows % width;
  for (Index j = from; j < to; j += block) {
    const Scalar* column[block];  // the last block repeats the last column
    for (int m = 0; m < block; ++m) column[m] = d.data + std::min(j + m, to - 1) * d.leading;
    Pack<Scalar> sums[Count][width] = {};
    for (Index i = 0; i < whole; i += width) {
      Pack<Scalar> factor[Count];
      unroll<Count>([&](auto k)
                        __attribute__((always_inline)) { factor[k] = load(u + (first + k) * d.rows + i); });
      unroll<block>([&](auto m) __attribute__((always_inline)) {
        const Pack<Scalar> rows = load(column[m] + i);
        unroll<Count>([&](auto k) __attribute__((always_inline)) { sums[k][m] += rows * factor[k]; });
      });
    }
    unroll<Count>([&](auto k) __attribute__((always_inline)) {
      const Pack<Scalar> totals = sum_lanes<Scalar, block>(sums[k]);
      Scalar* at = d_v + (first + k) * d.columns + j;
      if (block == width && j + block <= to && whole == d.rows) {
        store(at, load(at) + totals * s[first + k]);
        return;
      }
      for (int m = 0; m < block && j + m < to; ++m) {
        Scalar total = totals[m];
        for (Index i = whole; i < d.rows; ++i) total += column[m][i] * u[(first + k) * d.rows + i];
        at[m] += s[first + k] * total;
      }
    });
  }
}

/// Pulls the cotangent D of from + U diag(s) Vᵀ back to all four; accumulates.
///
/// Math: d_from += D, d_u += D V diag(s), d_v += Dᵀ U diag(s), d_s += diag(Uᵀ D V).
/// Shapes: d_s [Rank] or null.
template <int Rank, RealScalar Scalar>
void add_low_rank_pullback(const Scalar* u, const Scalar* s, const Scalar* v,
                           const LowRankView<const Scalar>& d, const LowRankView<Scalar>& d_from, Scalar* d_u,
                           Scalar* d_v, Scalar* d_s) {
  if (d.transposed) {
    std::swap(u, v);
    std::swap(d_u, d_v);
  }
  // As many columns of D at a time as the first-level cache keeps through all passes, and of U as there are
  // registers for.
  constexpr Index bytes = 16 * 1024;
  constexpr int most = register_count == 32 ? 3 : std::max(1, 12 / std::min(lanes<Scalar>, 8));
  const Index block = std::max<Index>(8, bytes / (d.leading * static_cast<Index>(sizeof(Scalar))));
  for (Index from = 0; from < d.columns; from += block) {
    const Index to = std::min(from + block, d.columns);
    pull_back_to_rows<Rank>(from, to, u, s, v, d, d_from, d_u, d_s);
    for (int k = 0; k + most <= Rank; k += most) pull_back_to_columns<most>(from, to, k, u, s, d, d_v);
    if constexpr (Rank % most > 0)
      pull_back_to_columns<Rank % most>(from, to, Rank - Rank % most, u, s, d, d_v);
  }
}

}  // namespace metriplex
