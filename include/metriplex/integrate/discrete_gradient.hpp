#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "metriplex/integrate/gonzalez_correction.hpp"
#include "metriplex/integrate/newton.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Requires what discrete gradients need: a canonical field with its energy and its Jacobian.
template <class F>
concept DiscreteGradientField = CanonicalField<F> && HasJacobian<F>;

/// Knows where a step starts: the state, and its energy with the gradient there.
template <DiscreteGradientField F>
struct StepStart {
  typename F::State x, gradient;
  ScalarOf<F> energy;
};

/// Takes the gradient at the middle of a step, and corrects it along the step until it explains the energy's change.
///
/// Math: ∇̄H = ∇H(m) + d/(Δ·WΔ) WΔ (`GonzalezCorrection`); its derivative takes ∇²H(m) for ∇²H(x₁).
struct GonzalezGradient {
  static constexpr std::string_view name = "gonzalez";
  static constexpr int order = 2;
  static constexpr bool symmetric = true;

  /// Writes ∇̄H and, unless null, its derivative by x₁.
  template <class F>
  static void evaluate(const F& f, const StepStart<F>& start, const typename F::State& x1,
                       typename F::State& gradient, JacobianOf<F>* derivative) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime;
    State middle, moved, rate, end, direction;
    for (int i = 0; i < dim; ++i) {
      middle[i] = (start.x[i] + x1[i]) / 2;
      moved[i] = x1[i] - start.x[i];
    }
    f(middle, rate);
    undo_canonical(rate, gradient);
    f(x1, rate);
    undo_canonical(rate, end);
    const GonzalezCorrection<State> correction(moved, start.gradient, gradient, end);
    const Scalar energy = correction.straight() ? start.energy : f.energy(x1);
    const Scalar by = correction.along(moved, gradient, start.energy, energy, direction);
    if (derivative != nullptr) {
      JacobianOf<F> slope, hessian;
      f.jacobian(middle, slope);
      undo_canonical(slope, hessian);
      Scalar square = 0;
      for (int i = 0; i < dim; ++i) square += direction[i] * moved[i];
      for (int j = 0; j < dim; ++j) {
        // What the change that is left, and WΔ·Δ, have for derivatives, and from them d/(Δ·WΔ).
        Scalar left = end[j] - gradient[j], weights = 2 * direction[j];
        for (int i = 0; i < dim; ++i) {
          left -= hessian(i, j) / 2 * moved[i];
          weights += correction.weight_slope()[i] * hessian(i, j) * moved[i] * moved[i];
        }
        const Scalar turn = square > 0 ? (left - by * weights) / square : Scalar(0);
        for (int i = 0; i < dim; ++i)
          (*derivative)(i, j) = hessian(i, j) / 2 + turn * direction[i] +
                                by * (correction.weight_slope()[i] * hessian(i, j) * moved[i] +
                                      (i == j ? correction.weight()[i] : Scalar(0)));
      }
    }
    for (int i = 0; i < dim; ++i) gradient[i] += by * direction[i];
  }
};

/// Takes quotients of energy differences, one coordinate after the other.
///
/// Math: ∇̄_i H = (H(u_i) − H(u_(i−1)))/(x₁ − x₀)_i, where u_i has its first i coordinates of x₁ and the rest of x₀
/// (Itoh & Abe 1988, "Hamiltonian-conserving discrete canonical equations based on variational difference
/// quotients", J. Comput. Phys. 76); by Simpson's rule over ∂_iH where `GonzalezCorrection` would take that, too.
struct ItohAbeGradient {
  static constexpr std::string_view name = "itoh_abe";
  static constexpr int order = 1;
  static constexpr bool symmetric = false;

  template <class F>
  static void evaluate(const F& f, const StepStart<F>& start, const typename F::State& x1,
                       typename F::State& gradient, JacobianOf<F>* derivative) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime;
    static const Scalar half_of_digits = std::sqrt(std::numeric_limits<Scalar>::epsilon());
    State before = start.x, before_gradient = start.gradient, after_gradient, middle_gradient, rate;
    Scalar energy = start.energy;
    const auto gradient_at = [&](const State& u, State& g) {
      f(u, rate);
      undo_canonical(rate, g);
    };
    if (derivative != nullptr) derivative->setZero();
    for (int i = 0; i < dim; ++i) {
      State after = before, middle = before;
      after[i] = x1[i];
      middle[i] = (start.x[i] + x1[i]) / 2;
      gradient_at(middle, middle_gradient);
      gradient_at(after, after_gradient);
      const Scalar moved = x1[i] - start.x[i], next_energy = f.energy(after);
      const Scalar first = before_gradient[i], between = middle_gradient[i], last = after_gradient[i];
      const Scalar simpson = (first + 4 * between + last) / 6;
      const bool straight = std::abs(first - 2 * between + last) <=
                            half_of_digits * (std::abs(first) + 2 * std::abs(between) + std::abs(last));
      const bool lost = std::abs(next_energy - energy - simpson * moved) <=
                        2 * half_of_digits * half_of_digits * (std::abs(next_energy) + std::abs(energy));
      gradient[i] = straight || lost ? simpson : (next_energy - energy) / moved;
      if (derivative != nullptr &&
          std::abs(moved) > half_of_digits * std::max(std::abs(x1[i]), std::abs(start.x[i]))) {
        for (int j = 0; j < i; ++j) (*derivative)(i, j) = (after_gradient[j] - before_gradient[j]) / moved;
        (*derivative)(i, i) = (last - gradient[i]) / moved;
      } else if (derivative != nullptr) {
        JacobianOf<F> slope, hessian;
        f.jacobian(middle, slope);
        undo_canonical(slope, hessian);
        for (int j = 0; j <= i; ++j) (*derivative)(i, j) = hessian(i, j) / (i == j ? 2 : 1);
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
/// Cost: per iteration of Newton's method (three or four a step) one Jacobian, two fields and one energy (Gonzalez), or
/// 2 dim fields and dim energies (Itoh–Abe). Nothing is allocated.
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
    StepStart<F> start{x, {}, f.energy(x)};
    State next, gradient, rate;
    f(x, rate);
    undo_canonical(rate, start.gradient);
    for (int i = 0; i < dim; ++i) next[i] = x[i] + dt * rate[i];
    const auto residual = [&](const State& unknown, State& miss, JacobianOf<F>* derivative) {
      JacobianOf<F> slope;
      Gradient::evaluate(f, start, unknown, gradient, derivative != nullptr ? &slope : nullptr);
      apply_canonical_structure(gradient, rate);
      for (int i = 0; i < dim; ++i) miss[i] = unknown[i] - x[i] - dt * rate[i];
      if (derivative == nullptr) return;
      apply_canonical_structure(slope, *derivative);
      for (int j = 0; j < dim; ++j)
        for (int i = 0; i < dim; ++i)
          (*derivative)(i, j) = (i == j ? ScalarOf<F>(1) : ScalarOf<F>(0)) - dt * (*derivative)(i, j);
    };
    const StepStatus status = solve_newton(options, x, next, residual);
    if (status == StepStatus::ok) x = next;
    return status;
  }

  /// Refuses a field without energy, canonical structure or Jacobian, in one sentence.
  template <class F, class... Rest>
    requires(!DiscreteGradientField<F> || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    require_canonical<F>();
    require_jacobian<F>();
    require_state<F, Rest...>();
    return {};
  }
};

using Gonzalez = DiscreteGradient<GonzalezGradient>;  ///< order 2, symmetric
using ItohAbe = DiscreteGradient<ItohAbeGradient>;    ///< order 1

}  // namespace metriplex
