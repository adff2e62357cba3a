#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "metriplex/integrate/adaptive_runge_kutta.hpp"
#include "motion.hpp"

namespace metriplex::show {

/// The error that a number of evaluations reached.
struct WorkPoint {
  double dt, evaluations, error;
};

/// Error against work of one scheme, from large steps to small ones.
struct Work {
  Traits scheme;
  std::vector<WorkPoint> points;

  /// Measures the order, by the two smallest steps whose errors are above `floor`; NaN where there are none.
  ///
  /// Math: log(error₁/error₂)/log(dt₁/dt₂).
  double order(double floor) const;

  /// Interpolates, on logarithmic scales, how many evaluations an error takes; NaN where it was not reached.
  double evaluations_for(double error) const;
};

/// Sets the step sizes: `end` in `steps` steps, then twice as many, and so on, up to `evaluations` or an error of
/// `smallest`.
struct WorkOptions {
  double end, evaluations, smallest, coupling;
  Index steps;
};

/// Integrates from `start` to `end` with ever smaller steps and compares with the state that is reached exactly.
template <class Integrator, class Field>
Work work(const Scheme<Integrator>& scheme, const Field& field, const typename Field::State& start,
          const typename Field::State& reached, const WorkOptions& options) {
  Work result{traits_of(scheme), {}};
  double evaluations = 0;
  for (Index steps = options.steps; evaluations < options.evaluations; steps *= 2) {
    Motion<Integrator, Field> motion(scheme, field, start, options.coupling);
    const double dt = options.end / static_cast<double>(steps);
    StepStatus status = StepStatus::ok;
    for (Index i = 0; i < steps && status == StepStatus::ok; ++i) status = motion.step(dt);
    evaluations = std::max(motion.evaluations(), 2 * evaluations);  // so that failures, too, come to an end
    if (status != StepStatus::ok) continue;
    const double error = (motion.state() - reached).norm();
    result.points.push_back({dt, motion.evaluations(), error});
    if (error < options.smallest) break;
  }
  return result;
}

/// Does the same with `AdaptiveDormandPrince`, by tolerance from wide to tight; a point's dt is the mean step.
template <class Field>
Work adaptive_work(const Field& field, const typename Field::State& start,
                   const typename Field::State& reached, const WorkOptions& options) {
  Work result{
      {"AdaptiveDormandPrince", "any field", Family::runge_kutta, AdaptiveDormandPrince::order, false, false},
      {}};
  for (double tolerance = 1e-3; tolerance > 1e-14; tolerance /= 4) {
    const CountingField<Field> counted(field);
    auto run = AdaptiveDormandPrince{{.absolute = tolerance, .relative = tolerance}}.start(counted, start);
    if (run.advance_to(options.end) != StepStatus::ok) continue;
    const double error = (run.state() - reached).norm();
    result.points.push_back(
        {options.end / static_cast<double>(run.accepted()), counted.evaluations(), error});
    if (error < options.smallest || counted.evaluations() > options.evaluations) break;
  }
  return result;
}

}  // namespace metriplex::show
