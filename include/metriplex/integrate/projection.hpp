#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Takes a field's energy as the invariant to keep, of a canonical field or another `ConservativeField`.
struct EnergyInvariant {
  /// Requires of the field what this invariant reads of it.
  template <class F>
  static constexpr bool takes = CanonicalField<F> || ConservativeField<F>;

  template <HasEnergy F>
  ScalarOf<F> value(const F& f, const typename F::State& x) const noexcept(nothrow_field<F>) {
    return f.energy(x);
  }
  template <VectorField F>
  void gradient(const F& f, const typename F::State& x, typename F::State& g) const
      noexcept(nothrow_field<F>) {
    if constexpr (CanonicalField<F>) {
      typename F::State rate;
      f(x, rate);
      undo_canonical(rate, g);
    } else {
      f.energy_gradient(x, g);
    }
  }
};

/// Steps with any integrator and then moves the state to where the invariant has its value again: along the invariant's
/// gradient, each component as it moves, which is the same in all units.
///
/// An `Invariant` has `value(f, x)`, `gradient(f, x, g)` and `takes<F>`.
/// Math: x₁ = x̃ + λ R² g(x̃) with I(x₁) = level, Newton's method for λ (Hairer, Lubich, Wanner 2006, IV.4, algorithm 4.2,
/// where R = 1). R_i = |dt f_i(x̃)| + 100 |x̃_i − x₀_i − dt f_i(x̃)|: the second keeps sight of a component that turns around.
/// Cost: beside the step, one gradient and two or three values of the invariant; a field for one that is not the energy.
/// Not: symplectic, nor symmetric, even where `Integrator` is.
template <class Integrator, class Invariant = EnergyInvariant>
struct Projection {
  static_assert(HasIntegratorTraits<Integrator>, "A projection needs an integrator, with its traits.");

  static constexpr std::string_view name = Integrator::name;
  static constexpr int order = Integrator::order;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = false;

  Integrator integrator{};
  Invariant invariant{};
  std::optional<double> level{};  ///< to which to go back; none: the value before the step
  int max_iterations = 20;        ///< then the step is `not_converged`

  template <VectorField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const
      noexcept(noexcept(integrator.step(f, x, dt)) && noexcept(invariant.value(f, x)) && noexcept(
          invariant.gradient(f, x,
                             x))) requires(IntegratorFor<Integrator, F>&& Invariant::template takes<F>) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime;
    const Scalar goal = level ? static_cast<Scalar>(*level) : invariant.value(f, x);
    State next = x, gradient, rate, direction;
    if (const StepStatus status = integrator.step(f, next, dt); status != StepStatus::ok) return status;
    invariant.gradient(f, next, gradient);
    if constexpr (std::is_same_v<Invariant, EnergyInvariant> && CanonicalField<F>)
      apply_canonical_structure(gradient, rate);
    else
      f(next, rate);
    Scalar square = 0, largest = 0, size = std::abs(goal);
    for (int i = 0; i < dim; ++i) {
      const Scalar straight = dt * rate[i];
      direction[i] = std::abs(straight) + 100 * std::abs(next[i] - x[i] - straight);
      largest = std::max(largest, direction[i] * std::abs(gradient[i]));
      size += std::abs(gradient[i] * next[i]);
    }
    for (int i = 0; i < dim && !(largest > 0); ++i)
      direction[i] = std::abs(next[i]);  // nothing that moves can mend it
    for (int i = 0; i < dim; ++i) largest = std::max(largest, direction[i] * std::abs(gradient[i]));
    for (int i = 0; i < dim && largest > 0; ++i) {
      direction[i] *= direction[i] * gradient[i] / largest;
      square += direction[i] * gradient[i];
    }
    Scalar miss = invariant.value(f, next) - goal;
    const Scalar rounding = 4 * std::numeric_limits<Scalar>::epsilon() * size;
    for (int iteration = 0; std::abs(miss) > rounding; ++iteration) {
      if (iteration == max_iterations || !(square > Scalar(0))) return failure(next, miss);
      const State best = next;
      const Scalar by = miss / square, last = miss;
      for (int i = 0; i < dim; ++i) next[i] -= by * direction[i];
      miss = invariant.value(f, next) - goal;
      if (std::abs(miss) < std::abs(last) / 10) continue;
      invariant.gradient(f, next, gradient);
      Scalar along = 0;
      for (int i = 0; i < dim; ++i) along += direction[i] * gradient[i];
      const bool same = std::abs(along - square) <= square / 10;
      square = along;
      // Where the gradient is still what it was and the value does not follow it, only rounding is left, be it that of
      // large terms inside: then the best that was seen counts.
      if (!same || std::abs(miss) < std::abs(last) / 2) continue;
      if (std::abs(last) < std::abs(miss)) {
        next = best;
        miss = last;
      }
      break;
    }
    if (!all_finite(next) || !std::isfinite(miss)) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }

  /// Refuses what the integrator refuses, in its words, and a field without the invariant.
  template <class F, class... Rest>
    requires(!IntegratorFor<Integrator, F> || !Invariant::template takes<F> || wrong_state<F, Rest...>)
  Refused step(const F& f, Rest&&... rest)
  const {
    if constexpr (!IntegratorFor<Integrator, F>) return integrator.step(f, std::forward<Rest>(rest)...);
    static_assert(
        !IntegratorFor<Integrator, F> || Invariant::template takes<F>,
        "This projection keeps an invariant that the field has not: for EnergyInvariant, energy(x) and "
        "`static constexpr bool canonical = true`, or `keeps_energy = true` and energy_gradient(x, g).");
    require_state<F, Rest...>();
    return {};
  }

 private:
  template <class State, class Scalar>
  static StepStatus failure(const State& next, Scalar miss) {
    return all_finite(next) && std::isfinite(miss) ? StepStatus::not_converged : StepStatus::non_finite;
  }
};

}  // namespace metriplex
