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
  static constexpr std::array<Potential, 2> potentials{{{"V", 0, Dim / 2}, {"T", Dim / 2, Dim / 2}}};
  static constexpr bool canonical = true;
  static constexpr bool separable = true;

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
