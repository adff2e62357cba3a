#pragma once

#include "metriplex/core/friction.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves a state by a learned energy, a learned entropy and learned operators, nothing known but the structure: energy
/// is conserved and entropy never falls, for any weights.
///
/// Math: ẋ = L∇E + M∇S, L = B_Sᵀ(σ_L − σ_Lᵀ)B_S with rows ξ_k∇S of B_S, M = B_Eᵀ σ_M σ_Mᵀ B_E with rows ξ_k∇E of B_E; the
/// ξ_k are skew and trained, so L∇S = 0 and M∇E = 0; σ_L, σ_M are networks of the state (Zhang, Shin & Karniadakis
/// 2022, "GFINNs", eq. 3.2–3.4). Of σ_L only the part above the diagonal is made: the rest adds nothing.
/// Shapes: σ_L [K(K−1)/2], pairs row by row; σ_M [K x Rank]; ξ [K x dim(dim−1)/2], all row-major; K = Skews.
/// Cost: O(K · dim² · Rank + K² · dim) beside the networks.
template <int Dim, int Skews = Dim, int Rank = 2>
struct GenericLearned {
  static_assert(Dim >= 2 && Skews >= 2 && Rank >= 1,
                "a learned GENERIC structure has at least two components, two skew matrices and rank 1");
  static constexpr std::string_view name = "generic_learned";
  static constexpr int dim = Dim;
  static constexpr int pairs = pair_count(Dim);
  static constexpr std::array<NetworkSlot, 6> networks{{{"E", Role::energy, 0, Dim},
                                                        {"S", Role::entropy, 0, Dim},
                                                        {"L", Role::bracket, 0, Dim, pair_count(Skews)},
                                                        {"M", Role::friction, 0, Dim, Skews* Rank},
                                                        {"xi_L", Role::coefficients, 0, 0, Skews* pairs},
                                                        {"xi_M", Role::coefficients, 0, 0, Skews* pairs}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr int canonical_pairs = 0;
  static constexpr std::array<double, Dim> entropy_slope{};

  static constexpr std::array<int, 3> components(int slot, int output) {
    return slot >= 4 ? pair_at(Dim, output % pairs) : std::array<int, 3>{-1, -1, -1};
  }

  /// Writes L v.
  template <class T>
  static void poisson(const T* outputs, const T* v, T* to) {
    T rows[Skews][Dim], along[Skews];
    for (int k = 0; k < Skews; ++k) {
      apply_skew<Dim>(outputs + xi_l + k * pairs, 1, outputs + entropy, rows[k]);
      along[k] = inner<Dim>(rows[k], v);
    }
    for (int i = 0; i < Dim; ++i) to[i] = T{};
    T weight[Skews];
    apply_skew<Skews>(outputs + sigma_l, 1, along, weight);
    for (int k = 0; k < Skews; ++k)
      for (int i = 0; i < Dim; ++i) to[i] += weight[k] * rows[k][i];
  }
  /// Writes M v, and returns vᵀM v, a sum of squares.
  template <class T>
  static T friction(const T* outputs, const T* v, T* to) {
    for (int i = 0; i < Dim; ++i) to[i] = T{};
    return add_combined_friction<Dim, Skews, Rank>(outputs + xi_m, outputs + sigma_m, outputs, v, to);
  }

  template <class T>
  static void field(const T* outputs, T* dx) {
    add_up_operators<GenericLearned>(outputs, outputs, outputs + entropy, dx);
  }
  template <class T>
  static void pullback(const T* outputs, const T* d_dx, T* d_outputs) {
    for (int i = 0; i < xi_m + Skews * pairs; ++i) d_outputs[i] = T{};
    // L∇E = Σ_k w_k b_k, w = (σ_L − σ_Lᵀ) y, y_k = b_k·∇E, b_k = ξ_k∇S
    T rows[Skews][Dim], along[Skews], weight[Skews], d_weight[Skews], d_along[Skews] = {};
    for (int k = 0; k < Skews; ++k) {
      apply_skew<Dim>(outputs + xi_l + k * pairs, 1, outputs + entropy, rows[k]);
      along[k] = inner<Dim>(rows[k], outputs);
      d_weight[k] = inner<Dim>(rows[k], d_dx);
    }
    apply_skew<Skews>(outputs + sigma_l, 1, along, weight);
    apply_skew_pullback<Skews>(outputs + sigma_l, 1, along, d_weight, d_outputs + sigma_l, d_along);
    for (int k = 0; k < Skews; ++k) {
      T d_row[Dim];
      for (int i = 0; i < Dim; ++i) {
        d_row[i] = weight[k] * d_dx[i] + d_along[k] * outputs[i];
        d_outputs[i] += d_along[k] * rows[k][i];
      }
      apply_skew_pullback<Dim>(outputs + xi_l + k * pairs, 1, outputs + entropy, d_row,
                               d_outputs + xi_l + k * pairs, d_outputs + entropy);
    }
    add_combined_friction_pullback<Dim, Skews, Rank>(outputs + xi_m, outputs + sigma_m, outputs,
                                                     outputs + entropy, d_dx, d_outputs + xi_m,
                                                     d_outputs + sigma_m, d_outputs, d_outputs + entropy);
  }

 private:
  // Where each network's outputs begin.
  static constexpr int entropy = Dim, sigma_l = 2 * Dim, sigma_m = sigma_l + pair_count(Skews),
                       xi_l = sigma_m + Skews * Rank, xi_m = xi_l + Skews * pairs;
};

}  // namespace metriplex
