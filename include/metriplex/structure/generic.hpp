#pragma once

#include "metriplex/core/friction.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves (q, p, S₁ … S_n) by a learned energy and a learned friction, where the total entropy is known: energy is
/// conserved and entropy never falls, for any weights.
///
/// Math: ẋ = L∇E + M∇S; S = ΣSᵢ, L canonical on (q, p) and zero on entropies, M = Σ_ij (Λᵢ∇E) D_ij(x) (Λⱼ∇E)ᵀ over the
/// elementary skew matrices, D = C Cᵀ (Öttinger & Grmela 1997; Lee, Trask & Stinis 2021, eq. 10, with a D of the
/// state; Jing et al. 2025).
/// Shapes: C [dim(dim−1)/2 x Rank], row-major, from a vector network, or from `Constants` for a D that is constant.
/// Cost: O(Rank · dim²) beside the networks.
template <int Dim, int Entropies, int Rank = 2>
struct Generic {
  static_assert(Entropies >= 1 && Dim >= Entropies && (Dim - Entropies) % 2 == 0,
                "a GENERIC state (q, p, S) has as many momenta as positions and at least one entropy");
  static_assert(Rank >= 1, "friction has a rank of at least 1");
  static constexpr std::string_view name = "generic";
  static constexpr int dim = Dim;
  static constexpr int entropies = Entropies;
  static constexpr int pairs = pair_count(Dim);
  static constexpr std::array<NetworkSlot, 2> networks{
      {{"E", Role::energy, 0, Dim}, {"D", Role::friction, 0, Dim, pairs* Rank}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr int canonical_pairs = (Dim - Entropies) / 2;
  static constexpr std::array<double, Dim> entropy_slope = [] {
    std::array<double, Dim> slope{};
    for (int i = Dim - Entropies; i < Dim; ++i) slope[static_cast<std::size_t>(i)] = 1.0;
    return slope;
  }();

  static constexpr std::array<int, 3> components(int, int output) { return pair_at(Dim, output / Rank); }

  /// Writes L v.
  template <class T>
  static void poisson(const T*, const T* v, T* to) {
    apply_canonical(half, v, to);
    for (int i = 2 * half; i < Dim; ++i) to[i] = T{};
  }
  /// Writes M v, and returns vᵀM v, a sum of squares.
  template <class T>
  static T friction(const T* outputs, const T* v, T* to) {
    for (int i = 0; i < Dim; ++i) to[i] = T{};
    return add_friction<Dim, Rank>(outputs + Dim, outputs, v, to);
  }

  template <class T>
  static void field(const T* outputs, T* dx) {
    T slope[Dim];
    entropy_gradient(slope);
    add_up_operators<Generic>(outputs, outputs, slope, dx);
  }
  template <class T>
  static void pullback(const T* outputs, const T* d_dx, T* d_outputs) {
    apply_canonical_transposed(half, d_dx, d_outputs);
    for (int i = 2 * half; i < Dim + pairs * Rank; ++i) d_outputs[i] = T{};
    T slope[Dim];
    entropy_gradient(slope);
    add_friction_pullback<Dim, Rank, T>(outputs + Dim, outputs, slope, d_dx, d_outputs + Dim, d_outputs,
                                        nullptr);
  }

 private:
  static constexpr int half = canonical_pairs;

  template <class T>
  static void entropy_gradient(T* slope) {
    for (int i = 0; i < Dim; ++i) slope[i] = T{};
    for (int i = 2 * half; i < Dim; ++i) slope[i] += 1.0f;  // exact in every T
  }
};

}  // namespace metriplex
