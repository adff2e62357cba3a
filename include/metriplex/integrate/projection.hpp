#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Takes a field's energy as the invariant to keep.
struct EnergyInvariant {
  /// Requires of the field what this invariant reads of it.
  template <class F>
  static constexpr bool takes = CanonicalField<F>;

  template <CanonicalField F>
  ScalarOf<F> value(const F& f, const typename F::State& x) const noexcept(nothrow_field<F>) {
    return f.energy(x);
  }
  template <CanonicalField F>
  void gradient(const F& f, const typename F::State& x, typename F::State& g) const
      noexcept(nothrow_field<F>) {
    typename F::State rate;
    f(x, rate);
    undo_canonical(rate, g);
  }
};

/// Steps with any integrator and then moves the state, along the invariant's gradient, to where the invariant has its
/// value again.
///
/// An `Invariant` has `value(f, x)`, `gradient(f, x, g)` and `takes<F>`.
/// Math: x₁ = x̃ + λ g(x̃) with I(x₁) = level, Newton's method for λ (Hairer, Lubich, Wanner 2006, IV.4, algorithm
/// 4.2).
/// Cost: beside the step, one gradient and two or three values of the invariant.
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
    State next = x, direction;
    if (const StepStatus status = integrator.step(f, next, dt); status != StepStatus::ok) return status;
    invariant.gradient(f, next, direction);
    const Scalar square = static_cast<Scalar>(squared_norm(direction));
    Scalar miss = invariant.value(f, next) - goal;
    // The value's own rounding can end the search before it is met exactly: then the best that was seen counts.
    const Scalar rounding = 4 * std::numeric_limits<Scalar>::epsilon() * (1 + std::abs(goal));
    for (int iteration = 0; std::abs(miss) > rounding; ++iteration) {
      if (iteration == max_iterations || !(square > Scalar(0))) return failure(next, miss);
      const State best = next;
      const Scalar by = miss / square, last = miss;
      for (int i = 0; i < dim; ++i) next[i] -= by * direction[i];
      miss = invariant.value(f, next) - goal;
      if (!(std::abs(miss) < std::abs(last)) && std::abs(last) <= 100 * rounding) {
        next = best;
        miss = last;
        break;
      }
    }
    if (!all_finite(next) || !std::isfinite(miss)) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }

  /// Refuses what the integrator refuses, in its words, and a field without the invariant.
  template <class F>
    requires(!IntegratorFor<Integrator, F> || !Invariant::template takes<F>)
  Refused step(const F& f, auto&&... rest)
  const {
    if constexpr (!IntegratorFor<Integrator, F>) return integrator.step(f, rest...);
    static_assert(
        !IntegratorFor<Integrator, F> || Invariant::template takes<F>,
        "This projection keeps an invariant that the field has not: for EnergyInvariant, energy(x) and "
        "`static constexpr bool canonical = true`.");
    return {};
  }

 private:
  template <class State, class Scalar>
  static StepStatus failure(const State& next, Scalar miss) {
    return all_finite(next) && std::isfinite(miss) ? StepStatus::not_converged : StepStatus::non_finite;
  }
};

}  // namespace metriplex
