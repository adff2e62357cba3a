#pragma once

#include "metriplex/core/friction.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves a state by a learned energy and a learned entropy through brackets of constant, trained coefficients: energy
/// is conserved and entropy never falls, for any weights.
///
/// Math: ẋ = L∇E + M∇S, L_ij = Σ_k ξ_ijk ∂S/∂x_k with ξ totally antisymmetric, M_ij = Σ_kl ζ_ik,jl ∂E/∂x_k ∂E/∂x_l with
/// ζ = Σ_mn Λ_m D_mn Λ_n, Λ_m skew, D = C Cᵀ (Lee, Trask & Stinis 2021, "Machine learning structure preserving brackets
/// for forecasting irreversible processes", eq. 8–12).
/// Shapes: ξ [dim(dim−1)(dim−2)/6], triples i < j < k row by row; Λ [Skews x dim(dim−1)/2]; C [Skews x Rank], row-major.
/// Cost: O(dim³ + Skews · dim² · Rank) beside the networks.
template <int Dim, int Skews = Dim, int Rank = Skews>
struct GenericBracket {
  static_assert(
      Dim >= 3 && Skews >= 1 && Rank >= 1,
      "brackets of constant coefficients need at least three components, one skew matrix and rank 1");
  static constexpr std::string_view name = "generic_bracket";
  static constexpr int dim = Dim;
  static constexpr int pairs = pair_count(Dim), triples = Dim * (Dim - 1) * (Dim - 2) / 6;
  static constexpr std::array<NetworkSlot, 5> networks{{{"E", Role::energy, 0, Dim},
                                                        {"S", Role::entropy, 0, Dim},
                                                        {"xi", Role::bracket, 0, 0, triples},
                                                        {"Lambda", Role::coefficients, 0, 0, Skews* pairs},
                                                        {"C", Role::friction, 0, 0, Skews* Rank}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr int canonical_pairs = 0;
  static constexpr std::array<double, Dim> entropy_slope{};

  static constexpr std::array<int, 3> components(int slot, int output) {
    std::array<int, 3> at{-1, -1, -1};
    if (slot == 2)
      for_each_triple([&](int i, int j, int k, int index) {
        if (index == output) at = {i, j, k};
      });
    return slot == 3 ? pair_at(Dim, output % pairs) : at;
  }

  /// Writes L v.
  template <class T>
  static void poisson(const T* outputs, const T* v, T* to) {
    for (int i = 0; i < Dim; ++i) to[i] = T{};
    const T* slope = outputs + entropy;
    for_each_triple([&](int i, int j, int k, int index) {
      const T& x = outputs[xi + index];
      to[i] += x * (v[j] * slope[k] - v[k] * slope[j]);
      to[j] += x * (v[k] * slope[i] - v[i] * slope[k]);
      to[k] += x * (v[i] * slope[j] - v[j] * slope[i]);
    });
  }
  /// Writes M v, and returns vᵀM v, a sum of squares.
  template <class T>
  static T friction(const T* outputs, const T* v, T* to) {
    for (int i = 0; i < Dim; ++i) to[i] = T{};
    return add_combined_friction<Dim, Skews, Rank>(outputs + lambda, outputs + roots, outputs, v, to);
  }

  template <class T>
  static void field(const T* outputs, T* dx) {
    add_up_operators<GenericBracket>(outputs, outputs, outputs + entropy, dx);
  }
  template <class T>
  static void pullback(const T* outputs, const T* d_dx, T* d_outputs) {
    for (int i = 0; i < roots + Skews * Rank; ++i) d_outputs[i] = T{};
    const T *e = outputs, *s = outputs + entropy;
    T *d_e = d_outputs, *d_s = d_outputs + entropy;
    for_each_triple([&](int i, int j, int k, int index) {
      // d·(L e) = ξ det(d, e, s), which is linear in each.
      const T& x = outputs[xi + index];
      const int at[3] = {i, j, k};
      for (int a = 0; a < 3; ++a) {
        const int p = at[a], q = at[(a + 1) % 3], r = at[(a + 2) % 3];
        d_outputs[xi + index] += d_dx[p] * (e[q] * s[r] - e[r] * s[q]);
        d_e[p] += x * (s[q] * d_dx[r] - s[r] * d_dx[q]);
        d_s[p] += x * (d_dx[q] * e[r] - d_dx[r] * e[q]);
      }
    });
    add_combined_friction_pullback<Dim, Skews, Rank>(outputs + lambda, outputs + roots, e, s, d_dx,
                                                     d_outputs + lambda, d_outputs + roots, d_e, d_s);
  }

 private:
  // Where each network's outputs begin.
  static constexpr int entropy = Dim, xi = 2 * Dim, lambda = xi + triples, roots = lambda + Skews * pairs;

  template <class Body>
  static constexpr void for_each_triple(Body&& body) {
    int index = 0;
    for (int i = 0; i < Dim; ++i)
      for (int j = i + 1; j < Dim; ++j)
        for (int k = j + 1; k < Dim; ++k) body(i, j, k, index++);
  }
};

}  // namespace metriplex
