#pragma once

#include <cmath>
#include <limits>
#include <string_view>

#include "metriplex/integrate/newton.hpp"

namespace metriplex {

/// Requires what discrete gradients need: a canonical field with its energy and its Jacobian.
template <class F>
concept DiscreteGradientField = CanonicalField<F> && HasJacobian<F>;

/// Increments below which a difference of energies is lost in rounding, and its limit, a derivative, is as good.
///
/// Math: the limit misses a term of third order in the increment, which is then below one rounding.
template <RealScalar Scalar>
inline const Scalar smallest_increment = std::cbrt(std::numeric_limits<Scalar>::epsilon());

/// Takes the gradient at the middle of a step, and corrects it along the step until it explains the energy's change.
///
/// Math: ∇̄H = ∇H(m) + (H(x₁) − H(x₀) − ∇H(m)·Δ)/|Δ|² Δ, m = (x₀ + x₁)/2, Δ = x₁ − x₀ (Gonzalez 1996, "Time
/// integration and discrete Hamiltonian systems", J. Nonlinear Sci. 6, eq. 3.1).
struct GonzalezGradient {
  static constexpr std::string_view name = "gonzalez";
  static constexpr int order = 2;
  static constexpr bool symmetric = true;

  /// Writes ∇̄H and, unless null, its derivative by x₁.
  template <class F>
  static void evaluate(const F& f, const typename F::State& x0, ScalarOf<F> energy0,
                       const typename F::State& x1, typename F::State& gradient, JacobianOf<F>* derivative) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime;
    State middle, moved, rate;
    Scalar square = 0, along = 0;
    for (int i = 0; i < dim; ++i) {
      middle[i] = (x0[i] + x1[i]) / 2;
      moved[i] = x1[i] - x0[i];
      square += moved[i] * moved[i];
    }
    f(middle, rate);
    undo_canonical(rate, gradient);
    if (derivative != nullptr) {
      JacobianOf<F> slope;
      f.jacobian(middle, slope);
      undo_canonical(slope, *derivative);
      *derivative /= 2;
    }
    if (!(square > smallest_increment<Scalar> * smallest_increment<Scalar>)) return;
    for (int i = 0; i < dim; ++i) along += gradient[i] * moved[i];
    const Scalar correction = (f.energy(x1) - energy0 - along) / square;
    if (derivative != nullptr) {
      State end, turn;  // ∇H(x₁), and the derivative of the correction
      f(x1, rate);
      undo_canonical(rate, end);
      for (int j = 0; j < dim; ++j) {
        Scalar bent = 0;  // the derivative of ∇H(m)·Δ by m
        for (int i = 0; i < dim; ++i) bent += (*derivative)(i, j) * moved[i];
        turn[j] = (end[j] - gradient[j] - bent - 2 * correction * moved[j]) / square;
      }
      for (int j = 0; j < dim; ++j)
        for (int i = 0; i < dim; ++i)
          (*derivative)(i, j) += moved[i] * turn[j] + (i == j ? correction : Scalar(0));
    }
    for (int i = 0; i < dim; ++i) gradient[i] += correction * moved[i];
  }
};

/// Takes quotients of energy differences, one coordinate after the other.
///
/// Math: ∇̄_i H = (H(u_i) − H(u_(i−1)))/(x₁ − x₀)_i, where u_i has its first i coordinates of x₁ and the rest of x₀
/// (Itoh & Abe 1988, "Hamiltonian-conserving discrete canonical equations based on variational difference
/// quotients", J. Comput. Phys. 76).
struct ItohAbeGradient {
  static constexpr std::string_view name = "itoh_abe";
  static constexpr int order = 1;
  static constexpr bool symmetric = false;

  template <class F>
  static void evaluate(const F& f, const typename F::State& x0, ScalarOf<F> energy0,
                       const typename F::State& x1, typename F::State& gradient, JacobianOf<F>* derivative) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime;
    State before = x0, before_gradient, after_gradient, rate;
    Scalar energy = energy0;
    const auto gradient_at = [&](const State& u, State& g) {
      f(u, rate);
      undo_canonical(rate, g);
    };
    if (derivative != nullptr) {
      derivative->setZero();
      gradient_at(before, before_gradient);
    }
    for (int i = 0; i < dim; ++i) {
      State after = before;
      after[i] = x1[i];
      const Scalar moved = x1[i] - x0[i], next_energy = f.energy(after);
      if (derivative != nullptr) gradient_at(after, after_gradient);
      if (std::abs(moved) > smallest_increment<Scalar>) {
        gradient[i] = (next_energy - energy) / moved;
        if (derivative != nullptr) {
          for (int j = 0; j < i; ++j) (*derivative)(i, j) = (after_gradient[j] - before_gradient[j]) / moved;
          (*derivative)(i, i) = (after_gradient[i] - gradient[i]) / moved;
        }
      } else {
        State middle = before, middle_gradient;
        middle[i] = (x0[i] + x1[i]) / 2;
        gradient_at(middle, middle_gradient);
        gradient[i] = middle_gradient[i];
        if (derivative != nullptr) {
          JacobianOf<F> slope, hessian;
          f.jacobian(middle, slope);
          undo_canonical(slope, hessian);
          for (int j = 0; j <= i; ++j) (*derivative)(i, j) = hessian(i, j) / (i == j ? 2 : 1);
        }
      }
      before = after;
      before_gradient = after_gradient;
      energy = next_energy;
    }
  }
};

/// Integrates a canonical field so that its energy, learned or analytic, stays as it is: to rounding, at any step size
/// at which the step's equation can be solved.
///
/// Math: x₁ = x₀ + dt Ω ∇̄H(x₀, x₁) with a discrete gradient, ∇̄H·(x₁ − x₀) = H(x₁) − H(x₀); Ω is skew (McLachlan,
/// Quispel, Robidoux 1999, "Geometric integration using discrete gradients"). Newton's method with the exact
/// derivative.
/// Cost: per iteration of Newton's method (three or four a step) one Jacobian, one or two fields and one energy
/// (Gonzalez), or dim + 1 fields and dim energies (Itoh–Abe). Nothing is allocated.
/// Not: symplectic.
template <class Gradient>
struct DiscreteGradient {
  using Options = NewtonOptions;

  static constexpr std::string_view name = Gradient::name;
  static constexpr int order = Gradient::order;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = Gradient::symmetric;

  Options options{};

  template <DiscreteGradientField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const noexcept(nothrow_field<F>) {
    using State = typename F::State;
    constexpr int dim = State::RowsAtCompileTime;
    const ScalarOf<F> energy = f.energy(x);
    State next, gradient, rate;
    f(x, rate);
    for (int i = 0; i < dim; ++i) next[i] = x[i] + dt * rate[i];
    const auto residual = [&](const State& unknown, State& miss, JacobianOf<F>* derivative) {
      JacobianOf<F> slope;
      Gradient::evaluate(f, x, energy, unknown, gradient, derivative != nullptr ? &slope : nullptr);
      apply_canonical_structure(gradient, rate);
      for (int i = 0; i < dim; ++i) miss[i] = unknown[i] - x[i] - dt * rate[i];
      if (derivative == nullptr) return;
      apply_canonical_structure(slope, *derivative);
      for (int j = 0; j < dim; ++j)
        for (int i = 0; i < dim; ++i)
          (*derivative)(i, j) = (i == j ? ScalarOf<F>(1) : ScalarOf<F>(0)) - dt * (*derivative)(i, j);
    };
    const StepStatus status = solve_newton(options, 1 + std::sqrt(squared_norm(x)), next, residual);
    if (status == StepStatus::ok) x = next;
    return status;
  }

  /// Refuses a field without energy, canonical structure or Jacobian, in one sentence.
  template <class F>
    requires(!DiscreteGradientField<F>)
  Refused step(const F&, auto&&...)
  const {
    require_canonical<F>();
    require_jacobian<F>();
    return {};
  }
};

using Gonzalez = DiscreteGradient<GonzalezGradient>;  ///< order 2, symmetric
using ItohAbe = DiscreteGradient<ItohAbeGradient>;    ///< order 1

}  // namespace metriplex
