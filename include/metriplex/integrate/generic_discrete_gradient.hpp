#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "metriplex/integrate/generic_field.hpp"
#include "metriplex/integrate/gonzalez_correction.hpp"
#include "metriplex/integrate/newton.hpp"
#include "metriplex/integrate/refused.hpp"

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
/// Cost: per iteration (two to four a step) dim + 1 times both gradients, both potentials and a rate, and both gradients
/// once more. Nothing is allocated.
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
    State next, middle, moved, e, s, rate, start_e, start_s, end_e, end_s;
    f(x, rate);
    f.gradients(x, start_e, start_s);
    for (int i = 0; i < dim; ++i) next[i] = x[i] + dt * rate[i];
    // A long straight step may end where the potentials are not defined: Newton's method then sets out from x.
    if (!std::isfinite(f.energy(next)) || !std::isfinite(f.entropy(next))) next = x;
    std::optional<GonzalezCorrection<State>> correct_e, correct_s;
    const auto miss_of = [&](const State& unknown, State& miss, bool anew) {
      for (int i = 0; i < dim; ++i) {
        middle[i] = (x[i] + unknown[i]) / 2;
        moved[i] = unknown[i] - x[i];
      }
      f.gradients(middle, e, s);
      if (anew) {
        f.gradients(unknown, end_e, end_s);
        correct_e.emplace(moved, start_e, e, end_e);
        correct_s.emplace(moved, start_s, s, end_s);
      }
      if (anew || correct_e->resolved())
        correct_e->correct(moved, energy, correct_e->straight() ? energy : f.energy(unknown), e);
      else
        correct_e->repeat(moved, e);
      if (anew || correct_s->resolved())
        correct_s->correct(moved, entropy, correct_s->straight() ? entropy : f.entropy(unknown), s);
      else
        correct_s->repeat(moved, s);
      f.generic_rate(place == OperatorsAt::middle ? middle : x, e, s, rate);
      for (int i = 0; i < dim; ++i) miss[i] = moved[i] - dt * rate[i];
    };
    const auto residual = [&](const State& unknown, State& miss, JacobianOf<F>* derivative) {
      miss_of(unknown, miss, true);
      if (derivative == nullptr) return;
      State beside = unknown, away;
      for (int j = 0; j < dim; ++j) {
        const Scalar by = std::sqrt(std::numeric_limits<Scalar>::epsilon()) *
                          std::max({std::abs(x[j]), std::abs(unknown[j]), std::abs(miss[j])});
        if (!(by > 0)) {  // a component of which nothing is known yet
          derivative->col(j) = State::Unit(j);
          continue;
        }
        beside[j] = unknown[j] + by;
        miss_of(beside, away, false);
        beside[j] = unknown[j];
        for (int i = 0; i < dim; ++i) (*derivative)(i, j) = (away[i] - miss[i]) / by;
      }
    };
    const StepStatus status = solve_newton(options, x, next, residual);
    if (status == StepStatus::ok) x = next;
    return status;
  }

  /// Steps dx/dt = A∇E likewise: E(x₁) − E(x₀) = dt ∇̄E·A(x*)∇̄E, so the energy stays where A is skew and never rises; with operators in
  /// the middle quadratic Casimirs stay too, ∇C(m)·(x₁ − x₀) being C(x₁) − C(x₀).
  template <GradientField F>
    requires(!GenericField<F>)
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt)
  const noexcept(nothrow_field<F>) { return step(WithoutEntropy<F>(f), x, dt); }

  /// Refuses a field without friction, in one sentence.
  template <class F, class... Rest>
    requires(!(GenericField<F> || GradientField<F>) || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    require_generic_field<F>();
    require_state<F, Rest...>();
    return {};
  }
};

using GenericGonzalez = GenericDiscreteGradient<OperatorsAt::middle>;      ///< order 2, symmetric
using GenericGonzalezFirst = GenericDiscreteGradient<OperatorsAt::start>;  ///< order 1

}  // namespace metriplex
