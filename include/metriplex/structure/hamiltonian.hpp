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
  static constexpr std::array<Potential, 1> potentials{{{"H", 0, Dim}}};
  static constexpr bool canonical = true;
  static constexpr bool separable = false;

  template <class In, class Out>
  static void field(const In& gradients, Out& dx) {
    apply_canonical(gradients, dx);
  }
  template <class In, class Out>
  static void pullback(const In& d_dx, Out& d_gradients) {
    apply_canonical_transposed(d_dx, d_gradients);
  }
};

}  // namespace metriplex
