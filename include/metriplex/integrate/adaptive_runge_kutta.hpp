#pragma once

#include <limits>
#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/adaptive_run.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"

namespace metriplex {

/// Integrates any field in steps as long as a tolerance allows, by the explicit Runge–Kutta method and the error
/// estimate of an embedded tableau (`ExplicitRungeKutta` says what a tableau has; `error` is needed as well).
///
/// Not: an `IntegratorFor`, whose steps are of a given size; `rollout` takes it, and `start` gives a run to
/// advance from time to time. No structure is preserved.
template <class Tableau>
struct AdaptiveRungeKutta {
  static_assert(
      EmbeddedTableau<Tableau>,
      "An adaptive Runge-Kutta method needs a tableau with an error estimate: `error`, what the weights b "
      "have beyond those of a method of one order less.");
  static constexpr std::string_view name = Tableau::name;
  static constexpr int order = Tableau::order;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = false;
  using Options = AdaptiveOptions;

  Options options;

  /// Starts to integrate f, which must outlive the run, at the state x and the time t.
  ///
  /// Errors: `Error` if an option is out of range, or the time not finite.
  template <VectorField F>
  AdaptiveRun<Tableau, F> start(const F& f, const typename F::State& x, double t = 0) const {
    return {f, options, x, t};
  }
  template <VectorField F>
  AdaptiveRun<Tableau, F> start(const F&& f, const typename F::State& x, double t = 0) const = delete;
};

/// Integrates any field with order 5 in steps of its own choice: six evaluations a step.
using AdaptiveDormandPrince = AdaptiveRungeKutta<DormandPrince5Tableau>;

/// Is a `Rollout` that tells what it took.
template <class Scalar, int Dim>
struct AdaptiveRollout : Rollout<Scalar, Dim> {
  Index accepted = 0, rejected = 0;  ///< steps
  Index evaluations = 0;             ///< of the field
};

/// Integrates the field f from `x0` at `times[0]` through all `times`, which are met exactly, with as many steps as the
/// tolerance asks for; at_sample(k, x) may change the state when time k is reached, the first included.
///
/// Where a time is not reached it stops: what was reached stays, `completed` and `status` say how far and why.
/// Shapes: x0 [D x 1], times [n x 1].
/// Units: times in those of the field; falling times integrate backwards.
/// Errors: `Error` if times are none, not finite or not monotone, or an option is out of range.
template <VectorField F, class Tableau, class AtSample = LeaveState>
auto rollout(const F& f, const AdaptiveRungeKutta<Tableau>& integrator, const typename F::State& x0,
             const Vector<double>& times, AtSample&& at_sample = {}) {
  constexpr int dim = F::State::RowsAtCompileTime;
  require_times(times);
  AdaptiveRollout<ScalarOf<F>, dim> result;
  result.states.setConstant(dim, times.size(), std::numeric_limits<ScalarOf<F>>::quiet_NaN());
  return with_given(f, at_sample, times, [&](const auto& field, auto&& reach) {
    auto run = integrator.start(field, x0, times(0));
    if (!all_finite(x0)) result.status = StepStatus::non_finite;
    for (Index k = 0; k < times.size() && result.status == StepStatus::ok; ++k) {
      result.status = run.advance_to(times(k));
      if (result.status != StepStatus::ok) break;
      if constexpr (!std::is_same_v<std::remove_cvref_t<AtSample>, LeaveState>) {
        typename F::State x = run.state();
        reach(k, x);
        run.go_on_from(x);
      }
      result.states.col(result.completed++) = run.state();
    }
    result.accepted = run.accepted();
    result.rejected = run.rejected();
    result.evaluations = run.evaluations();
    return result;
  });
}

}  // namespace metriplex
