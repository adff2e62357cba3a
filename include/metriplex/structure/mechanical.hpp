#pragma once

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
  static constexpr int roots = Dof * (Dof + 1) / 2;
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
  static constexpr float least_inertia = 1.0f / 1024;  ///< ε, exact in every number

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
    m.solve(pull);
    for (int k = 0; k < Dof; ++k) {
      force[k] = at.unit[Dof + k] * pull[k];
      d_outputs[slope + k] = -force[k];
    }
    Square<T> along{};  // Σ J_k λ_k
    for_each_root([&](int i, int j, const int index) {
      for (int k = 0; k < Dof; ++k) along[i][j] += force[k] * jet(outputs, index, 1 + k);
    });
    T d_v[Dof], d_w[Dof], d_y[Dof], b_a[Dof], b_pull[Dof];
    multiply_transposed(m.B, m.a, b_a);
    multiply_transposed(m.B, pull, b_pull);
    for (int i = 0; i < Dof; ++i) d_y[i] = -b_pull[i];
    T alike[Dof];
    multiply_transposed(along, m.v, d_w);
    multiply_transposed(m.dB, pull, alike);
    for (int i = 0; i < Dof; ++i) d_w[i] -= alike[i];
    multiply(along, m.w, d_v);
    multiply(m.dB, d_y, alike);
    for (int i = 0; i < Dof; ++i) d_v[i] += alike[i];
    multiply(m.B, d_w, alike);
    for (int i = 0; i < Dof; ++i) d_v[i] += alike[i];
    for (int i = 0; i < Dof; ++i) d_x[i] = T{};
    T d_speed[Dof];
    for (int k = 0; k < Dof; ++k) d_speed[k] = d_dx[k];
    for_each_root([&](int i, int j, int index) {
      const T d_dB = m.v[i] * d_y[j] - pull[i] * m.w[j];
      d_outputs[index * (1 + Dof)] =
          m.v[i] * d_w[j] - pull[i] * m.y[j] - pull[i] * b_a[j] - m.a[i] * b_pull[j];
      for (int k = 0; k < Dof; ++k) {
        d_outputs[index * (1 + Dof) + 1 + k] = force[k] * m.v[i] * m.w[j] + at.x[Dof + k] * d_dB;
        d_speed[k] += jet(outputs, index, 1 + k) * d_dB;
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
    multiply(B, w, momentum);
    for_each_root([&](int i, int j, int index) { d_outputs[index * (1 + Dof)] += d_energy * v[i] * w[j]; });
    for (int i = 0; i < Dof; ++i)
      d_x[Dof + i] += d_energy * (momentum[i] + least_inertia * v[i]) / at.unit[Dof + i];
  }

 private:
  // Where the outputs of V and of K begin.
  static constexpr int slope = roots * (1 + Dof), damping = slope + Dof;

  template <class T>
  using Square = T[Dof][Dof];

  /// Calls body(i, j, index) for the places of C.
  template <class Body>
  static constexpr void for_each_root(Body&& body) {
    int index = 0;
    for (int i = 0; i < Dof; ++i)
      for (int j = 0; j <= i; ++j) body(i, j, index++);
  }
  template <class T>
  static const T& jet(const T* outputs, int root, int part) {
    return outputs[root * (1 + Dof) + part];
  }

  // Of lower triangular matrices.
  template <class T>
  static void multiply(const Square<T>& m, const T* v, T* to) {
    for (int i = 0; i < Dof; ++i) {
      to[i] = T{};
      for (int j = 0; j <= i; ++j) to[i] += m[i][j] * v[j];
    }
  }
  template <class T>
  static void multiply_transposed(const Square<T>& m, const T* v, T* to) {
    for (int j = 0; j < Dof; ++j) {
      to[j] = T{};
      for (int i = j; i < Dof; ++i) to[j] += m[i][j] * v[i];
    }
  }

  /// Writes ṽ, B and w = Bᵀṽ.
  template <class T>
  static void speeds(const Place<T>& at, const T* outputs, T* v, Square<T>& B, T* w) {
    for (int i = 0; i < Dof; ++i) v[i] = at.x[Dof + i] / at.unit[Dof + i];
    for_each_root([&](int i, int j, int index) {
      B[i][j] = jet(outputs, index, 0);
      if (i == j) B[i][j] += 1.0f;
    });
    multiply_transposed(B, v, w);
  }

  /// Is all that the equation of motion is made of, and its solution.
  template <class T>
  struct Motion {
    T v[Dof], w[Dof], y[Dof], a[Dof];  // ṽ, Bᵀṽ, Ḃᵀṽ, v̇ in its units
    Square<T> B, dB{};                 // B, Ḃ
    Square<T> lower;                   // of M = L D Lᵀ, 1/D on its diagonal

    Motion(const Place<T>& at, const T* outputs) {
      speeds(at, outputs, v, B, w);
      T drive[Dof];
      for (int k = 0; k < Dof; ++k) drive[k] = -outputs[slope + k];
      for_each_root([&](int i, int j, int index) {
        for (int k = 0; k < Dof; ++k) {
          dB[i][j] += jet(outputs, index, 1 + k) * at.x[Dof + k];
          drive[k] += v[i] * jet(outputs, index, 1 + k) * w[j];
        }
      });
      multiply_transposed(dB, v, y);
      T first[Dof], second[Dof];
      multiply(dB, w, first);
      multiply(B, y, second);
      for (int i = 0; i < Dof; ++i) a[i] = at.unit[Dof + i] * drive[i] - first[i] - second[i];
      if constexpr (Damped)
        for (int r = 0; r < Dof; ++r) {
          const T* K = outputs + damping;
          T slip{};
          for (int i = 0; i < Dof; ++i) slip += K[i * Dof + r] * v[i];
          for (int i = 0; i < Dof; ++i) a[i] -= K[i * Dof + r] * slip;
        }
      factor();
      solve(a);
    }

    void factor() {
      for (int j = 0; j < Dof; ++j)
        for (int i = j; i < Dof; ++i) {
          T sum{};
          for (int k = 0; k <= j; ++k) sum += B[i][k] * B[j][k];
          if (i == j) sum += least_inertia;
          for (int k = 0; k < j; ++k) sum -= lower[i][k] * lower[j][k] / lower[k][k];
          if (i == j)
            lower[j][j] = 1.0f / sum;
          else
            lower[i][j] = sum * lower[j][j];
        }
    }
    void solve(T* x) const {
      for (int i = 0; i < Dof; ++i)
        for (int k = 0; k < i; ++k) x[i] -= lower[i][k] * x[k];
      for (int i = 0; i < Dof; ++i) x[i] *= lower[i][i];
      for (int i = Dof - 1; i >= 0; --i)
        for (int k = i + 1; k < Dof; ++k) x[i] -= lower[k][i] * x[k];
    }
  };
};

}  // namespace metriplex
