#pragma once

#include <array>

#include "metriplex/core/types.hpp"

namespace metriplex {

// The friction that all GENERIC structures share: a sum of squares of skew maps of ∇E. It needs no matrix, and no
// weights can make it touch the energy.

/// Counts the pairs i < j of coordinates: the entries of a skew matrix.
constexpr int pair_count(int dim) {
  return dim * (dim - 1) / 2;
}

/// Tells which coordinates pair `index` joins; the third, which a pair has not, is −1.
constexpr std::array<int, 3> pair_at(int dim, int index) {
  int i = 0;
  for (; index >= dim - 1 - i; ++i) index -= dim - 1 - i;
  return {i, i + 1 + index, -1};
}

/// Calls body(i, j, index) for the pairs i < j of coordinates, row by row.
template <int Dim, class Body>
constexpr void for_each_pair(Body&& body) {
  int index = 0;
  for (int i = 0; i < Dim; ++i)
    for (int j = i + 1; j < Dim; ++j) body(i, j, index++);
}

/// Multiplies a skew matrix by a vector: to = A v.
///
/// Shapes: entries [pairs], `stride` apart: A_ij = −A_ji; v, to [Dim].
template <int Dim, class T>
constexpr void apply_skew(const T* entries, int stride, const T* v, T* to) {
  for (int i = 0; i < Dim; ++i) to[i] = T{};
  for_each_pair<Dim>([&](int i, int j, int index) {
    to[i] += entries[index * stride] * v[j];
    to[j] -= entries[index * stride] * v[i];
  });
}

/// Pulls a cotangent of a product with a skew matrix back to both; accumulates.
template <int Dim, class T>
constexpr void apply_skew_pullback(const T* entries, int stride, const T* v, const T* d_to, T* d_entries,
                                   T* d_v) {
  for_each_pair<Dim>([&](int i, int j, int index) {
    d_entries[index * stride] += d_to[i] * v[j] - d_to[j] * v[i];
    d_v[j] += entries[index * stride] * d_to[i];
    d_v[i] -= entries[index * stride] * d_to[j];
  });
}

template <int Dim, class T>
constexpr T inner(const T* a, const T* b) {
  T sum{};
  for (int i = 0; i < Dim; ++i) sum += a[i] * b[i];
  return sum;
}

/// Adds M v to `to`, and returns vᵀM v, a sum of squares.
///
/// Math: M = Σ_r u_r u_rᵀ, u_r = A_r ∇E with skew A_r; so M = Mᵀ ⪰ 0 and M∇E = 0. With D = C Cᵀ and Λ_k the elementary
/// skew matrices it is Σ_kl (Λ_k∇E) D_kl (Λ_l∇E)ᵀ, whose 4-index tensor (Lee, Trask & Stinis 2021) is never formed.
/// Shapes: c [pairs x Rank], row-major: column r has A_r's entries; slope (∇E), v, to [Dim].
/// Cost: 4 · Rank · pairs flops.
template <int Dim, int Rank, class T>
constexpr T add_friction(const T* c, const T* slope, const T* v, T* to) {
  T total{};
  for (int r = 0; r < Rank; ++r) {
    T u[Dim];
    apply_skew<Dim>(c + r, Rank, slope, u);
    const T along = inner<Dim>(u, v);
    for (int i = 0; i < Dim; ++i) to[i] += u[i] * along;
    total += along * along;
  }
  return total;
}

/// Pulls a cotangent of M v back to c, to ∇E and, unless null, to v; accumulates.
template <int Dim, int Rank, class T>
constexpr void add_friction_pullback(const T* c, const T* slope, const T* v, const T* d_to, T* d_c,
                                     T* d_slope, T* d_v) {
  for (int r = 0; r < Rank; ++r) {
    T u[Dim], d_u[Dim];
    apply_skew<Dim>(c + r, Rank, slope, u);
    const T along = inner<Dim>(u, v), d_along = inner<Dim>(u, d_to);
    for (int i = 0; i < Dim; ++i) {
      d_u[i] = along * d_to[i] + d_along * v[i];
      if (d_v != nullptr) d_v[i] += d_along * u[i];
    }
    apply_skew_pullback<Dim>(c + r, Rank, slope, d_u, d_c + r, d_slope);
  }
}

/// Combines trained skew matrices: c = ξᵀ σ, so that A_r = Σ_k σ_kr ξ_k.
///
/// Shapes: xi [Count x pairs], sigma [Count x Rank], c [pairs x Rank], all row-major.
template <int Dim, int Count, int Rank, class T>
constexpr void combine_skew(const T* xi, const T* sigma, T* c) {
  for (int index = 0; index < pair_count(Dim); ++index)
    for (int r = 0; r < Rank; ++r) {
      T sum{};
      for (int k = 0; k < Count; ++k) sum += xi[k * pair_count(Dim) + index] * sigma[k * Rank + r];
      c[index * Rank + r] = sum;
    }
}

/// Pulls a cotangent of the combinations back to ξ and σ; accumulates.
template <int Dim, int Count, int Rank, class T>
constexpr void combine_skew_pullback(const T* xi, const T* sigma, const T* d_c, T* d_xi, T* d_sigma) {
  for (int k = 0; k < Count; ++k)
    for (int index = 0; index < pair_count(Dim); ++index)
      for (int r = 0; r < Rank; ++r) {
        d_xi[k * pair_count(Dim) + index] += sigma[k * Rank + r] * d_c[index * Rank + r];
        d_sigma[k * Rank + r] += xi[k * pair_count(Dim) + index] * d_c[index * Rank + r];
      }
}

/// Adds M v to `to` for combined skew matrices, and returns vᵀM v.
template <int Dim, int Count, int Rank, class T>
constexpr T add_combined_friction(const T* xi, const T* sigma, const T* slope, const T* v, T* to) {
  T c[pair_count(Dim) * Rank];
  combine_skew<Dim, Count, Rank>(xi, sigma, c);
  return add_friction<Dim, Rank>(c, slope, v, to);
}

/// Pulls a cotangent of it back to all four; accumulates.
template <int Dim, int Count, int Rank, class T>
constexpr void add_combined_friction_pullback(const T* xi, const T* sigma, const T* slope, const T* v,
                                              const T* d_to, T* d_xi, T* d_sigma, T* d_slope, T* d_v) {
  T c[pair_count(Dim) * Rank], d_c[pair_count(Dim) * Rank] = {};
  combine_skew<Dim, Count, Rank>(xi, sigma, c);
  add_friction_pullback<Dim, Rank>(c, slope, v, d_to, d_c, d_slope, d_v);
  combine_skew_pullback<Dim, Count, Rank>(xi, sigma, d_c, d_xi, d_sigma);
}

}  // namespace metriplex
