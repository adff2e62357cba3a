#pragma once

#include "metriplex/core/inertia.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves positions and *velocities* (q, v), which is what people measure, by a learned inertia and a learned potential: its
/// energy is conserved, with `Damped` it never rises, for any weights; nothing of momenta need be known.
///
/// Math: L = ½ṽᵀMṽ − V(q), M = B Bᵀ + ε, B = 1 + C(q) lower triangular, ṽ = v in the units of its components, so that M is
/// positive definite at any weights (DeLaN, Lutter et al. 2019); q̇ = v, M v̇ = ∂L/∂q − Ṁv − K Kᵀv, with v, q in the same units;
/// energy ½ṽᵀMṽ + V. Rayleigh's friction K(q) Kᵀ(q).
/// Shapes: C [Dof(Dof+1)/2], row by row, with slopes by q; K [Dof x Dof], row-major.
/// Cost: O(Dof³) beside the networks.
template <int Dof, bool Damped = false>
struct Mechanical {
  static_assert(Dof >= 1, "a mechanical state (q, v) has at least one position");
  static constexpr std::string_view name = Damped ? "mechanical_damped" : "mechanical";
  static constexpr int dim = 2 * Dof;
  static constexpr int roots = Inertia<Dof>::roots;
  static constexpr auto networks = [] {
    std::array<NetworkSlot, Damped ? 3 : 2> slots{
        {{"C", Role::jet, 0, Dof, roots}, {"V", Role::energy, 0, Dof}}};
    if constexpr (Damped) slots[2] = {"K", Role::friction, 0, Dof, Dof * Dof};
    return slots;
  }();
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr bool conserves = !Damped;
  static constexpr int canonical_pairs = 0;
  static constexpr float least_inertia = Inertia<Dof>::least;  ///< ε

  /// An inertia that is small at some states makes the gradient as large as can be, and some runs then end with weights of no use.
  static constexpr double largest_gradient = 1;

  template <class T>
  static void field(const Place<T>& at, const T* outputs, T* dx) {
    const Motion<T> m(at, outputs);
    for (int i = 0; i < Dof; ++i) {
      dx[i] = at.x[Dof + i];
      dx[Dof + i] = at.unit[Dof + i] * m.a[i];
    }
  }

  template <class T>
  static void pullback(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
    const Motion<T> m(at, outputs);
    T pull[Dof], force[Dof];  // λ of M λ = d, and in the unit of a slope of the energy
    for (int i = 0; i < Dof; ++i) pull[i] = at.unit[Dof + i] * d_dx[Dof + i];
    m.inertia.solve(pull);
    for (int k = 0; k < Dof; ++k) {
      force[k] = at.unit[Dof + k] * pull[k];
      d_outputs[slope + k] = -force[k];
    }
    Square<T> along{};  // Σ J_k λ_k
    In::for_each_root([&](int i, int j, const int index) {
      for (int k = 0; k < Dof; ++k) along[i][j] += force[k] * In::jet(outputs, index, 1 + k);
    });
    T d_v[Dof], d_w[Dof], d_y[Dof], b_a[Dof], b_pull[Dof];
    In::multiply_transposed(m.B, m.a, b_a);
    In::multiply_transposed(m.B, pull, b_pull);
    for (int i = 0; i < Dof; ++i) d_y[i] = -b_pull[i];
    T alike[Dof];
    In::multiply_transposed(along, m.v, d_w);
    In::multiply_transposed(m.dB, pull, alike);
    for (int i = 0; i < Dof; ++i) d_w[i] -= alike[i];
    In::multiply(along, m.w, d_v);
    In::multiply(m.dB, d_y, alike);
    for (int i = 0; i < Dof; ++i) d_v[i] += alike[i];
    In::multiply(m.B, d_w, alike);
    for (int i = 0; i < Dof; ++i) d_v[i] += alike[i];
    for (int i = 0; i < Dof; ++i) d_x[i] = T{};
    T d_speed[Dof];
    for (int k = 0; k < Dof; ++k) d_speed[k] = d_dx[k];
    In::for_each_root([&](int i, int j, int index) {
      const T d_dB = m.v[i] * d_y[j] - pull[i] * m.w[j];
      d_outputs[index * (1 + Dof)] =
          m.v[i] * d_w[j] - pull[i] * m.y[j] - pull[i] * b_a[j] - m.a[i] * b_pull[j];
      for (int k = 0; k < Dof; ++k) {
        d_outputs[index * (1 + Dof) + 1 + k] = force[k] * m.v[i] * m.w[j] + at.x[Dof + k] * d_dB;
        d_speed[k] += In::jet(outputs, index, 1 + k) * d_dB;
      }
    });
    if constexpr (Damped) {
      const T* K = outputs + damping;
      for (int r = 0; r < Dof; ++r) {
        T slip{}, d_slip{};
        for (int i = 0; i < Dof; ++i) {
          slip += K[i * Dof + r] * m.v[i];
          d_slip += K[i * Dof + r] * pull[i];
        }
        for (int i = 0; i < Dof; ++i) {
          d_outputs[damping + i * Dof + r] = -(pull[i] * slip + m.v[i] * d_slip);
          d_v[i] -= K[i * Dof + r] * d_slip;
        }
      }
    }
    for (int i = 0; i < Dof; ++i) d_x[Dof + i] = d_speed[i] + d_v[i] / at.unit[Dof + i];
  }

  /// Returns the kinetic energy.
  template <class T>
  static T energy(const Place<T>& at, const T* outputs) {
    T v[Dof], w[Dof], sum{};
    Square<T> B;
    speeds(at, outputs, v, B, w);
    for (int i = 0; i < Dof; ++i) sum += w[i] * w[i] + least_inertia * (v[i] * v[i]);
    return sum * 0.5f;
  }
  template <class T>
  static void energy_pullback(const Place<T>& at, const T* outputs, const T& d_energy, T* d_outputs, T* d_x) {
    T v[Dof], w[Dof], momentum[Dof];
    Square<T> B;
    speeds(at, outputs, v, B, w);
    In::multiply(B, w, momentum);
    In::for_each_root(
        [&](int i, int j, int index) { d_outputs[index * (1 + Dof)] += d_energy * v[i] * w[j]; });
    for (int i = 0; i < Dof; ++i)
      d_x[Dof + i] += d_energy * (momentum[i] + least_inertia * v[i]) / at.unit[Dof + i];
  }

 private:
  using In = Inertia<Dof>;

  // Where the outputs of V and of K begin.
  static constexpr int slope = roots * (1 + Dof), damping = slope + Dof;

  template <class T>
  using Square = typename In::template Square<T>;
  template <class T>
  using Factors = typename In::template Factors<T>;

  /// Writes ṽ, B and w = Bᵀṽ.
  template <class T>
  static void speeds(const Place<T>& at, const T* outputs, T* v, Square<T>& B, T* w) {
    for (int i = 0; i < Dof; ++i) v[i] = at.x[Dof + i] / at.unit[Dof + i];
    In::root_of(outputs, B);
    In::multiply_transposed(B, v, w);
  }

  /// Is all that the equation of motion is made of, and its solution.
  template <class T>
  struct Motion {
    T v[Dof], w[Dof], y[Dof], a[Dof];  // ṽ, Bᵀṽ, Ḃᵀṽ, v̇ in its units
    Square<T> B, dB{};                 // B, Ḃ
    Factors<T> inertia;

    Motion(const Place<T>& at, const T* outputs) {
      speeds(at, outputs, v, B, w);
      T drive[Dof];
      for (int k = 0; k < Dof; ++k) drive[k] = -outputs[slope + k];
      In::for_each_root([&](int i, int j, int index) {
        for (int k = 0; k < Dof; ++k) {
          dB[i][j] += In::jet(outputs, index, 1 + k) * at.x[Dof + k];
          drive[k] += v[i] * In::jet(outputs, index, 1 + k) * w[j];
        }
      });
      In::multiply_transposed(dB, v, y);
      T first[Dof], second[Dof];
      In::multiply(dB, w, first);
      In::multiply(B, y, second);
      for (int i = 0; i < Dof; ++i) a[i] = at.unit[Dof + i] * drive[i] - first[i] - second[i];
      if constexpr (Damped)
        for (int r = 0; r < Dof; ++r) {
          const T* K = outputs + damping;
          T slip{};
          for (int i = 0; i < Dof; ++i) slip += K[i * Dof + r] * v[i];
          for (int i = 0; i < Dof; ++i) a[i] -= K[i * Dof + r] * slip;
        }
      inertia.factor(B);
      inertia.solve(a);
    }
  };
};

}  // namespace metriplex
