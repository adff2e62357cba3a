#pragma once

#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves (q, p) by a learned energy and a learned resistance, the heat of which nobody measures: energy never rises, for any
/// weights.
///
/// Math: ẋ = (J − R(x))∇H, J canonical, R = C Cᵀ on the components from `First` on (van der Schaft & Jeltsema 2014; Desai et al.
/// 2021, "Port-Hamiltonian neural networks", of which this is the autonomous part): Ḣ = −|Cᵀ∇H|². By default the
/// momenta alone are resisted, so that q̇ = ∂H/∂p stays what it is; with `First` = 0 all components.
/// Shapes: C [(Dim − First) x Rank], row-major, from a vector network, or from `Constants` for a resistance that is constant.
template <int Dim, int First = Dim / 2, int Rank = Dim - First>
struct PortHamiltonian {
  static_assert(Dim > 0 && Dim % 2 == 0,
                "a canonical Hamiltonian state (q, p) has an even number of components");
  static_assert(First >= 0 && First < Dim && Rank >= 1,
                "a resistance acts on at least one component and has a rank of at least 1");
  static constexpr std::string_view name = "port_hamiltonian";
  static constexpr int dim = Dim;
  static constexpr int resisted = Dim - First;
  static constexpr std::array<NetworkSlot, 2> networks{
      {{"H", Role::energy, 0, Dim}, {"C", Role::friction, 0, Dim, resisted* Rank}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr bool gradient_flow = true;
  static constexpr bool conserves = false;
  static constexpr int canonical_pairs = Dim / 2;

  static constexpr std::array<int, 3> components(int, int output) { return {First + output / Rank, -1, -1}; }

  template <class T>
  static void field(const T* outputs, T* dx) {
    apply_canonical(Dim / 2, outputs, dx);
    T along[Rank];
    forces(outputs, outputs, along);
    for (int i = 0; i < resisted; ++i)
      for (int r = 0; r < Rank; ++r) dx[First + i] -= root(outputs, i, r) * along[r];
  }
  template <class T>
  static void pullback(const T* outputs, const T* d_dx, T* d_outputs) {
    apply_canonical_transposed(Dim / 2, d_dx, d_outputs);
    // d·R∇H = (Cᵀd)·(Cᵀ∇H)
    T along[Rank], d_along[Rank];
    forces(outputs, outputs, along);
    forces(outputs, d_dx, d_along);
    for (int i = 0; i < resisted; ++i)
      for (int r = 0; r < Rank; ++r) {
        d_outputs[First + i] -= root(outputs, i, r) * d_along[r];
        d_outputs[Dim + i * Rank + r] = -(d_dx[First + i] * along[r] + outputs[First + i] * d_along[r]);
      }
  }

 private:
  template <class T>
  static const T& root(const T* outputs, int i, int r) {
    return outputs[Dim + i * Rank + r];
  }
  /// Writes Cᵀv.
  template <class T>
  static void forces(const T* outputs, const T* v, T* along) {
    for (int r = 0; r < Rank; ++r) {
      along[r] = T{};
      for (int i = 0; i < resisted; ++i) along[r] += root(outputs, i, r) * v[First + i];
    }
  }
};

}  // namespace metriplex
