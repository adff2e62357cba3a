#pragma once

#include <cmath>
#include <string_view>

#include "metriplex/integrate/generic_field.hpp"
#include "metriplex/integrate/newton.hpp"

namespace metriplex {

/// Requires what discrete gradients of a field with friction need.
template <class F>
concept GenericDiscreteGradientField = GenericField<F> && HasJacobian<F>;

/// Where the operators of a `GenericDiscreteGradient` are taken.
enum class OperatorsAt { start, middle };

/// Integrates any field with friction, learned or analytic, so that its energy stays as it is, to rounding, and its
/// entropy never falls, at any step size at which the step's equation can be solved.
///
/// Math: x₁ = x₀ + dt (L(x*; ∇̄S) ∇̄E + M(x*; ∇̄E) ∇̄S) with Gonzalez' discrete gradients, ∇̄E·(x₁ − x₀) = E(x₁) − E(x₀), in the
/// place of the gradients everywhere, also inside the operators; then E(x₁) = E(x₀) and S(x₁) ≥ S(x₀) (Gonzalez 1996;
/// Öttinger 2018, "GENERIC integrators", J. Non-Equilib. Thermodyn. 43). x* is the middle (order 2, symmetric) or x₀ (order
/// 1). Newton's method with the field's Jacobian at the middle, which misses terms of second order in dt.
/// Cost: per iteration (three to six a step) one Jacobian, gradients, a rate and both potentials. Nothing is allocated.
template <OperatorsAt place>
struct GenericDiscreteGradient {
  using Options = NewtonOptions;

  static constexpr std::string_view name =
      place == OperatorsAt::middle ? "generic_gonzalez" : "generic_gonzalez_first";
  static constexpr int order = place == OperatorsAt::middle ? 2 : 1;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = place == OperatorsAt::middle;

  // What is left of the equation becomes drift of the energy: the tolerance is that of rounding.
  Options options{.tolerance = 1e-15, .max_iterations = 50};

  template <GenericDiscreteGradientField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const noexcept(nothrow_field<F>) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime;
    const Scalar energy = f.energy(x), entropy = f.entropy(x);
    State next, middle, moved, e, s, rate;
    f(x, rate);
    for (int i = 0; i < dim; ++i) next[i] = x[i] + dt * rate[i];
    const auto residual = [&](const State& unknown, State& miss, JacobianOf<F>* derivative) {
      for (int i = 0; i < dim; ++i) {
        middle[i] = (x[i] + unknown[i]) / 2;
        moved[i] = unknown[i] - x[i];
      }
      f.gradients(middle, e, s);
      correct(moved, f.energy(unknown) - energy, e);
      correct(moved, f.entropy(unknown) - entropy, s);
      f.generic_rate(place == OperatorsAt::middle ? middle : x, e, s, rate);
      for (int i = 0; i < dim; ++i) miss[i] = moved[i] - dt * rate[i];
      if (derivative == nullptr) return;
      f.jacobian(middle, *derivative);
      for (int j = 0; j < dim; ++j)
        for (int i = 0; i < dim; ++i)
          (*derivative)(i, j) = (i == j ? Scalar(1) : Scalar(0)) - dt / 2 * (*derivative)(i, j);
    };
    const StepStatus status = solve_newton(options, 1 + std::sqrt(squared_norm(x)), next, residual);
    if (status == StepStatus::ok) x = next;
    return status;
  }

  /// Refuses a field without friction or Jacobian, in one sentence.
  template <class F>
    requires(!GenericDiscreteGradientField<F>)
  Refused step(const F&, auto&&...)
  const {
    require_generic_field<F>();
    require_jacobian<F>();
    return {};
  }

 private:
  /// Corrects a gradient in the middle along the step until it explains the potential's change. Of a step so small
  /// that the change is lost in rounding it leaves the limit, the gradient itself.
  template <class State, class Scalar>
  static void correct(const State& moved, Scalar change, State& gradient) noexcept {
    const auto square = static_cast<Scalar>(squared_norm(moved));
    const Scalar least = std::cbrt(std::numeric_limits<Scalar>::epsilon());
    if (!(square > least * least)) return;
    for (Index i = 0; i < moved.size(); ++i) change -= gradient[i] * moved[i];
    for (Index i = 0; i < moved.size(); ++i) gradient[i] += change / square * moved[i];
  }
};

using GenericGonzalez = GenericDiscreteGradient<OperatorsAt::middle>;      ///< order 2, symmetric
using GenericGonzalezFirst = GenericDiscreteGradient<OperatorsAt::start>;  ///< order 1

}  // namespace metriplex
