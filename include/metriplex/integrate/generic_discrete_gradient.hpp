#pragma once

#include <cmath>
#include <limits>
#include <string_view>

#include "metriplex/integrate/generic_field.hpp"
#include "metriplex/integrate/newton.hpp"

namespace metriplex {

/// Where the operators of a `GenericDiscreteGradient` are taken.
enum class OperatorsAt { start, middle };

/// Integrates any field with friction, learned or analytic, so that its energy stays as it is, to rounding, and its
/// entropy never falls, at any step size at which the step's equation can be solved.
///
/// Math: x₁ = x₀ + dt (L(x*; ∇̄S) ∇̄E + M(x*; ∇̄E) ∇̄S) with Gonzalez' discrete gradients, ∇̄E·(x₁ − x₀) = E(x₁) − E(x₀), in the
/// place of the gradients everywhere, also inside the operators; then E(x₁) = E(x₀) and S(x₁) ≥ S(x₀) (Gonzalez 1996;
/// Öttinger 2018, "GENERIC integrators", J. Non-Equilib. Thermodyn. 43). x* is the middle (order 2, symmetric) or x₀ (order
/// 1). Newton's method, its derivative by differences: the equation's solution does not depend on it.
/// Cost: per iteration (two to four a step) dim + 1 times both gradients, both potentials and a rate. Nothing is
/// allocated.
template <OperatorsAt place>
struct GenericDiscreteGradient {
  using Options = NewtonOptions;

  static constexpr std::string_view name =
      place == OperatorsAt::middle ? "generic_gonzalez" : "generic_gonzalez_first";
  static constexpr int order = place == OperatorsAt::middle ? 2 : 1;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = place == OperatorsAt::middle;

  Options options{};

  template <GenericField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const noexcept(nothrow_generic_field<F>) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime;
    const Scalar energy = f.energy(x), entropy = f.entropy(x);
    State next, middle, moved, e, s, rate;
    f(x, rate);
    for (int i = 0; i < dim; ++i) next[i] = x[i] + dt * rate[i];
    // A long straight step may end where the potentials are not defined: Newton's method then sets out from x.
    if (!std::isfinite(f.energy(next)) || !std::isfinite(f.entropy(next))) next = x;
    const auto miss_of = [&](const State& unknown, State& miss) {
      for (int i = 0; i < dim; ++i) {
        middle[i] = (x[i] + unknown[i]) / 2;
        moved[i] = unknown[i] - x[i];
      }
      f.gradients(middle, e, s);
      correct(moved, f.energy(unknown) - energy, e);
      correct(moved, f.entropy(unknown) - entropy, s);
      f.generic_rate(place == OperatorsAt::middle ? middle : x, e, s, rate);
      for (int i = 0; i < dim; ++i) miss[i] = moved[i] - dt * rate[i];
    };
    const auto residual = [&](const State& unknown, State& miss, JacobianOf<F>* derivative) {
      miss_of(unknown, miss);
      if (derivative == nullptr) return;
      State beside = unknown, away;
      for (int j = 0; j < dim; ++j) {
        const Scalar by = std::sqrt(std::numeric_limits<Scalar>::epsilon()) * (1 + std::abs(unknown[j]));
        beside[j] = unknown[j] + by;
        miss_of(beside, away);
        beside[j] = unknown[j];
        for (int i = 0; i < dim; ++i) (*derivative)(i, j) = (away[i] - miss[i]) / by;
      }
    };
    const StepStatus status = solve_newton(options, 1 + std::sqrt(squared_norm(x)), next, residual);
    if (status == StepStatus::ok) x = next;
    return status;
  }

  /// Refuses a field without friction, in one sentence.
  template <class F>
    requires(!GenericField<F>)
  Refused step(const F&, auto&&...)
  const {
    require_generic_field<F>();
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
