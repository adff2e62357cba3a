#pragma once

#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves positions and velocities (q, v) by any learned Lagrangian, not only by kinetic minus potential energy: what it
/// conserves is its own energy, for any weights (Cranmer et al. 2020, "Lagrangian neural networks").
///
/// Math: L = ½ṽᵀṽ + N(q, v), ṽ = v in the units of its components; q̇ = v, A v̇ = f, A = ∂²L/∂v², f = ∂L/∂q − (∂²L/∂v∂q) v; energy
/// v·∂L/∂v − L. With it A is 1 + ∂²N/∂ṽ², not that of a network alone, which is of either sign and near singular at the start.
/// It is solved as least squares min |A y − f|² + ε²|y|² by Gram and Schmidt's method, without pivots or roots: for a regular A
/// the solution to rounding; A may be indefinite, and where it is singular, and the motion has no answer, y is finite.
/// Pullback: λ of A λ = d solved likewise goes to f, −λ yᵀ to A.
/// Shapes: network L: its value, gradient [2 Dof], ∂²/∂v² upper triangle row by row, ∂²/∂v∂q v [Dof].
/// Cost: O(Dof³) beside the network.
template <int Dof>
struct Lagrangian {
  static_assert(Dof >= 1, "a mechanical state (q, v) has at least one position");
  static constexpr std::string_view name = "lagrangian";
  static constexpr int dim = 2 * Dof;
  static constexpr std::array<NetworkSlot, 1> networks{{{"L", Role::lagrangian, 0, 2 * Dof}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr bool conserves = true;
  static constexpr int canonical_pairs = 0;
  static constexpr float least_inertia =
      1.0f / (1 << 26);  ///< ε, exact in every number; its square is a rounding

  /// A step of training that lets A become singular at some states makes their errors, and the gradient, as large as can be;
  /// without a bound the weights then run away.
  static constexpr double largest_gradient = 0.1;

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
    T pull[Dof];
    for (int i = 0; i < Dof; ++i) pull[i] = at.unit[Dof + i] * d_dx[Dof + i];
    m.solve(pull);
    d_outputs[0] = T{};
    int index = inertia;
    for (int i = 0; i < Dof; ++i) {
      const T force = at.unit[Dof + i] * pull[i];
      d_outputs[1 + i] = force;
      d_outputs[1 + Dof + i] = T{};
      d_outputs[drift + i] = -force;
      d_x[i] = T{};
      d_x[Dof + i] = d_dx[i];
      for (int j = i; j < Dof; ++j) {
        const T both = pull[i] * m.a[j] + (j > i ? pull[j] * m.a[i] : T{});
        d_outputs[index++] = -at.unit[Dof + i] * at.unit[Dof + j] * both;
      }
    }
  }

  /// Returns v·∂L/∂v − L.
  template <class T>
  static T energy(const Place<T>& at, const T* outputs) {
    T sum = -outputs[0];
    for (int i = 0; i < Dof; ++i) {
      const T v = at.x[Dof + i] / at.unit[Dof + i];
      sum += at.x[Dof + i] * outputs[1 + Dof + i] + 0.5f * (v * v);
    }
    return sum;
  }
  template <class T>
  static void energy_pullback(const Place<T>& at, const T* outputs, const T& d_energy, T* d_outputs, T* d_x) {
    d_outputs[0] -= d_energy;
    for (int i = 0; i < Dof; ++i) {
      const T& unit = at.unit[Dof + i];
      d_outputs[1 + Dof + i] += d_energy * at.x[Dof + i];
      d_x[Dof + i] += d_energy * (outputs[1 + Dof + i] + at.x[Dof + i] / (unit * unit));
    }
  }

 private:
  // Where the second derivatives by v begin, and those along the motion.
  static constexpr int inertia = 1 + dim, drift = inertia + Dof * (Dof + 1) / 2;

  /// Is the equation of motion, all in units of the velocities' components, and its solution.
  template <class T>
  struct Motion {
    T a[Dof];               // v̇
    T basis[Dof][2 * Dof];  // orthogonal: of the columns of (A, ε), each less what those before have of it
    T upper[Dof][Dof];      // what they had; on the diagonal 1/|basis|²

    Motion(const Place<T>& at, const T* outputs) {
      int index = inertia;
      for (int i = 0; i < Dof; ++i) {
        for (int j = i; j < Dof; ++j) {
          T entry = at.unit[Dof + i] * at.unit[Dof + j] * outputs[index++];
          if (i == j) entry += 1.0f;
          basis[i][j] = basis[j][i] = entry;
        }
        for (int j = 0; j < Dof; ++j) {
          basis[i][Dof + j] = T{};
          if (i == j) basis[i][Dof + j] += least_inertia;
        }
        a[i] = at.unit[Dof + i] * (outputs[1 + i] - outputs[drift + i]);
      }
      for (int k = 0; k < Dof; ++k) {
        upper[k][k] = 1.0f / product(basis[k], basis[k]);
        for (int j = k + 1; j < Dof; ++j) upper[k][j] = take_out(k, basis[j]);
      }
      solve(a);
    }

    void solve(T* x) const {
      T rest[2 * Dof];
      for (int i = 0; i < Dof; ++i) {
        rest[i] = x[i];
        rest[Dof + i] = T{};
      }
      for (int k = 0; k < Dof; ++k) x[k] = take_out(k, rest);
      for (int i = Dof - 1; i >= 0; --i)
        for (int k = i + 1; k < Dof; ++k) x[i] -= upper[i][k] * x[k];
    }

   private:
    static T product(const T* u, const T* w) {
      T sum{};
      for (int i = 0; i < 2 * Dof; ++i) sum += u[i] * w[i];
      return sum;
    }
    /// Takes what v has of basis k out of it, and tells how often.
    T take_out(int k, T* v) const {
      const T times = product(basis[k], v) * upper[k][k];
      for (int i = 0; i < 2 * Dof; ++i) v[i] -= times * basis[k][i];
      return times;
    }
  };
};

}  // namespace metriplex
