#pragma once

#include "metriplex/core/inertia.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves positions and momenta (q, p) as `Mechanical<Dof>` moves positions and velocities, by the same networks: its Legendre
/// transform, which is canonical, so that symplectic and energy-keeping schemes step it. `legendre_transform` makes it of a model.
///
/// Math: H = ½p̃ᵀM⁻¹p̃ + V(q), M = B Bᵀ + ε, B = 1 + C(q), p̃ = p in the units of its components; with ṽ = M⁻¹p̃, q̇ is ṽ in
/// 1/unit of p, ṗ_k = −∂H/∂q_k = ∂L/∂q_k = ½ṽᵀ(∂M/∂q_k)ṽ − ∂V/∂q_k (Arnold 1989, "Mathematical methods of classical mechanics", §15).
/// Shapes: C [Dof(Dof+1)/2], row by row, with slopes by q.
/// Cost: O(Dof³) beside the networks.
template <int Dof>
struct MechanicalMomenta {
  static_assert(Dof >= 1, "a mechanical state (q, p) has at least one position");
  static constexpr std::string_view name = "mechanical_momenta";
  static constexpr int dim = 2 * Dof;
  static constexpr std::array<NetworkSlot, 2> networks{
      {{"C", Role::jet, 0, Dof, Inertia<Dof>::roots}, {"V", Role::energy, 0, Dof}}};
  static constexpr bool canonical = true;
  static constexpr bool separable = false;
  static constexpr int canonical_pairs = Dof;

  template <class T>
  static void field(const Place<T>& at, const T* outputs, T* dx) {
    const Motion<T> m(at, outputs);
    for (int k = 0; k < Dof; ++k) {
      dx[k] = m.v[k] / at.unit[Dof + k];
      dx[Dof + k] = -outputs[slope + k];
    }
    In::for_each_root([&](int i, int j, int index) {
      for (int k = 0; k < Dof; ++k) dx[Dof + k] += m.v[i] * In::jet(outputs, index, 1 + k) * m.w[j];
    });
  }

  template <class T>
  static void pullback(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
    const Motion<T> m(at, outputs);
    const T* force = d_dx + Dof;
    typename In::template Square<T> along{};  // Σ J_k d(ṗ_k)
    In::for_each_root([&](int i, int j, int index) {
      for (int k = 0; k < Dof; ++k) along[i][j] += force[k] * In::jet(outputs, index, 1 + k);
    });
    T pull[Dof], d_w[Dof], by_w[Dof], by_root[Dof], b_pull[Dof];  // pull: d(ṽ), then d(p̃) = M⁻¹d(ṽ)
    In::multiply_transposed(along, m.v, d_w);
    In::multiply(along, m.w, by_w);
    In::multiply(m.B, d_w, by_root);
    for (int i = 0; i < Dof; ++i) pull[i] = d_dx[i] / at.unit[Dof + i] + by_w[i] + by_root[i];
    m.inertia.solve(pull);
    In::multiply_transposed(m.B, pull, b_pull);
    for (int k = 0; k < Dof; ++k) {
      d_outputs[slope + k] = -force[k];
      d_x[k] = T{};
      d_x[Dof + k] = pull[k] / at.unit[Dof + k];
    }
    In::for_each_root([&](int i, int j, int index) {
      In::jet(d_outputs, index, 0) = m.v[i] * d_w[j] - pull[i] * m.w[j] - m.v[i] * b_pull[j];
      for (int k = 0; k < Dof; ++k) In::jet(d_outputs, index, 1 + k) = force[k] * m.v[i] * m.w[j];
    });
  }

  /// Returns the kinetic energy.
  template <class T>
  static T energy(const Place<T>& at, const T* outputs) {
    const Motion<T> m(at, outputs);
    T sum{};
    for (int i = 0; i < Dof; ++i) sum += m.w[i] * m.w[i] + In::least * (m.v[i] * m.v[i]);
    return sum * 0.5f;
  }
  template <class T>
  static void energy_pullback(const Place<T>& at, const T* outputs, const T& d_energy, T* d_outputs, T* d_x) {
    const Motion<T> m(at, outputs);
    for (int i = 0; i < Dof; ++i) d_x[Dof + i] += d_energy * m.v[i] / at.unit[Dof + i];
    In::for_each_root(
        [&](int i, int j, int index) { In::jet(d_outputs, index, 0) -= d_energy * m.v[i] * m.w[j]; });
  }

 private:
  using In = Inertia<Dof>;
  static constexpr int slope = In::roots * (1 + Dof);  // where the output of V begins

  /// Is what the momenta are velocities of.
  template <class T>
  struct Motion {
    T v[Dof], w[Dof];  // ṽ, Bᵀṽ
    typename In::template Square<T> B;
    typename In::template Factors<T> inertia;

    Motion(const Place<T>& at, const T* outputs) {
      In::root_of(outputs, B);
      inertia.factor(B);
      for (int i = 0; i < Dof; ++i) v[i] = at.x[Dof + i] / at.unit[Dof + i];
      inertia.solve(v);
      In::multiply_transposed(B, v, w);
    }
  };
};

}  // namespace metriplex
