#pragma once

#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves (q, p) by one learned energy.
///
/// Math: q̇ = ∂H/∂p, ṗ = −∂H/∂q (Greydanus et al. 2019); so dH/dt = 0 and div f = 0 for any weights.
template <int Dim>
struct Hamiltonian {
  static_assert(Dim > 0 && Dim % 2 == 0,
                "a canonical Hamiltonian state (q, p) has an even number of components");
  static constexpr std::string_view name = "hamiltonian";
  static constexpr int dim = Dim;
  static constexpr std::array<NetworkSlot, 1> networks{{{"H", Role::energy, 0, Dim}}};
  static constexpr bool canonical = true;
  static constexpr bool separable = false;
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
