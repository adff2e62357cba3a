#pragma once

#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves (q, p) by a learned potential energy V(q) and a learned kinetic energy T(p), which explicit
/// symplectic splittings can step.
///
/// Math: H = T(p) + V(q), q̇ = ∇T(p), ṗ = −∇V(q).
template <int Dim>
struct SeparableHamiltonian {
  static_assert(Dim > 0 && Dim % 2 == 0,
                "a canonical Hamiltonian state (q, p) has an even number of components");
  static constexpr std::string_view name = "separable_hamiltonian";
  static constexpr int dim = Dim;
  // V first: the gradients side by side are then ∇H = (∂q, ∂p).
  static constexpr std::array<NetworkSlot, 2> networks{
      {{"V", Role::energy, 0, Dim / 2}, {"T", Role::energy, Dim / 2, Dim / 2}}};
  static constexpr bool canonical = true;
  static constexpr bool separable = true;
  static constexpr int canonical_pairs = Dim / 2;

  template <class T>
  static void field(const T* gradient, T* dx) {
    apply_canonical(Dim / 2, gradient, dx);
  }
  template <class T>
  static void pullback(const T*, const T* d_dx, T* d_gradient) {
    apply_canonical_transposed(Dim / 2, d_dx, d_gradient);
  }
};

}  // namespace metriplex
