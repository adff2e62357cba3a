#pragma once

#include <cmath>

#include "metriplex/autodiff/gradient.hpp"
#include "metriplex/autodiff/jacobian.hpp"
#include "metriplex/core/friction.hpp"
#include "metriplex/integrate/generic_field.hpp"
#include "metriplex/integrate/gonzalez_correction.hpp"
#include "metriplex/integrate/newton.hpp"
#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes a family of systems with friction: beside what every system has, how many entropies the state (q, p, S)
/// ends with, and friction that needs no more than its roots.
///
/// `friction(x, mu, c)` writes C [pairs x friction_rank], row-major, of M = Σ_ij (Λ_i∇E)(C Cᵀ)_ij(Λ_j∇E)ᵀ over the pairs of
/// coordinates; c comes zero. A system may also have `relax(x, mu, dt)`, the exact flow of its friction alone.
template <class S>
concept DissipativeSystem = System<S> && HasSystemEnergy<S> &&
    requires(const Vector<double, S::dim>& x, const Vector<double, S::parameters>& mu, double* c) {
  requires(S::entropies > 0 && S::friction_rank > 0);
  S::friction(x, mu, c);
};

/// Counts a system's entropies; 0 without friction.
template <System S>
inline constexpr int entropies_of = [] {
  if constexpr (DissipativeSystem<S>)
    return S::entropies;
  else
    return 0;
}();

/// Turns the energy and the friction of one member of a system into its motion, a vector field for any integrator;
/// derivatives come from dual numbers.
///
/// Math: ẋ = L∇E + M∇S, L canonical on (q, p), S the sum of the entropies.
/// Shapes: x = (q, p, S) [dim x 1].
template <DissipativeSystem S>
class DissipativeField {
 public:
  static constexpr int dimension = S::dim;
  using State = Vector<double, dimension>;
  using Jacobian = Matrix<double, dimension, dimension>;

  explicit DissipativeField(const Vector<double, S::parameters>& mu) : energy_{mu} {}

  static constexpr int dim() { return dimension; }

  /// Computes the rate of change dx/dt at x.
  void operator()(const State& x, State& dx) const { dx = rate(x); }

  /// Computes the energy at x.
  double energy(const State& x) const { return energy_(x); }
  /// Computes the entropy at x.
  double entropy(const State& x) const {
    double sum = 0;
    for (int i = 2 * half; i < dimension; ++i) sum += x[i];
    return sum;
  }
  /// Computes the gradients of both.
  void gradients(const State& x, State& energy_gradient, State& entropy_gradient) const {
    energy_gradient = gradient(energy_, x);
    entropy_gradient = entropy_slope<double>();
  }
  /// Computes the rate at x with other vectors in the place of the gradients.
  void generic_rate(const State& x, const State& e, const State& s, State& dx) const { dx = rate(x, e, s); }

  /// Computes the derivative of the rate by the state at x.
  ///
  /// Shapes: J [dim x dim].
  void jacobian(const State& x, Jacobian& J) const {
    J = value_and_jacobian([this](const auto& y) { return this->rate(y); }, x).jacobian;
  }

  /// Moves positions by ∂E/∂p for dt: exact where that depends on p alone.
  void drift(State& x, double dt) const { move(x, dt, 0, half, 1); }
  /// Moves momenta by −∂E/∂q for dt: exact where that does not depend on p.
  void kick(State& x, double dt) const { move(x, dt, half, 0, -1); }
  /// Moves x by friction alone for dt: by the system's own flow if it has one; else by a step that keeps the energy
  /// and makes entropy, of order 2.
  ///
  /// Math: x₁ = x₀ + dt M((x₀ + x₁)/2; ∇̄E)∇S with Gonzalez' discrete gradient.
  StepStatus relax(State& x, double dt) const {
    if constexpr (requires { S::relax(x, energy_.mu, dt); }) {
      S::relax(x, energy_.mu, dt);
      return StepStatus::ok;
    } else {
      const auto friction = [this](const auto& y) {
        using T = typename std::decay_t<decltype(y)>::Scalar;
        return this->irreversible(y, gradient(energy_, y), entropy_slope<T>());
      };
      const State start = gradient(energy_, x);
      State next = x, middle, moved;
      const double energy_before = energy(x);
      const auto residual = [&](const State& unknown, State& miss, Jacobian* derivative) {
        middle = (x + unknown) / 2;
        moved = unknown - x;
        State slope = gradient(energy_, middle);
        GonzalezCorrection<State>(moved, start, slope, gradient(energy_, unknown))
            .correct(moved, energy_before, energy(unknown), slope);
        miss = moved - dt * irreversible(middle, slope, entropy_slope<double>());
        if (derivative != nullptr)
          *derivative = Jacobian::Identity() - dt / 2 * value_and_jacobian(friction, middle).jacobian;
      };
      const StepStatus status = solve_newton({}, x, next, residual);
      if (status == StepStatus::ok) x = next;
      return status;
    }
  }

 private:
  static constexpr int half = (S::dim - S::entropies) / 2;

  template <class T>
  static Vector<T, dimension> entropy_slope() {
    Vector<T, dimension> slope = Vector<T, dimension>::Constant(T(0));
    for (int i = 2 * half; i < dimension; ++i) slope[i] = T(1);
    return slope;
  }

  /// M(x; e) s.
  template <class T>
  Vector<T, dimension> irreversible(const Vector<T, dimension>& x, const Vector<T, dimension>& e,
                                    const Vector<T, dimension>& s) const {
    T c[pair_count(dimension) * S::friction_rank] = {};
    S::friction(x, energy_.mu, c);
    Vector<T, dimension> dx = Vector<T, dimension>::Constant(T(0));
    add_friction<dimension, S::friction_rank>(c, e.data(), s.data(), dx.data());
    return dx;
  }

  template <class T>
  Vector<T, dimension> rate(const Vector<T, dimension>& x, const Vector<T, dimension>& e,
                            const Vector<T, dimension>& s) const {
    Vector<T, dimension> dx = irreversible(x, e, s);
    for (int i = 0; i < half; ++i) {
      dx[i] += e[half + i];
      dx[half + i] -= e[i];
    }
    return dx;
  }
  template <class T>
  Vector<T, dimension> rate(const Vector<T, dimension>& x) const {
    return rate<T>(x, gradient(energy_, x), entropy_slope<T>());
  }

  /// Rows `to` … move by sign · dt · ∇E's rows `from` ….
  void move(State& x, double dt, int to, int from, double sign) const {
    const State slope = gradient(energy_, x);
    for (int i = 0; i < half; ++i) x[to + i] += sign * dt * slope[from + i];
  }

  MemberEnergy<S> energy_;
};

}  // namespace metriplex
