#pragma once

#include "drift.hpp"
#include "motion.hpp"

namespace metriplex::show {

/// What a long run of one scheme showed.
struct LongRun {
  Traits scheme;
  std::vector<DriftMeter> errors;  ///< of the energy, and of what else is watched
  double evaluations_per_step = 0;
  Index done = 0;
  StepStatus status = StepStatus::ok;
};

/// Sets a run: its step, its length, and the coupling of a doubled field.
struct RunOptions {
  double dt;
  Index steps;
  double coupling;
};

/// Runs a scheme and watches errors(x), an array of relative errors, after every step.
template <class Integrator, class Field, class Errors>
LongRun long_run(const Scheme<Integrator>& scheme, const Field& field, const typename Field::State& start,
                 const RunOptions& options, const Errors& errors) {
  LongRun run{traits_of(scheme), {}};
  run.errors.assign(errors(start).size(), DriftMeter(options.steps, options.dt));
  Motion<Integrator, Field> motion(scheme, field, start, options.coupling);
  while (run.done < options.steps) {
    run.status = motion.step(options.dt);
    if (run.status != StepStatus::ok) break;
    ++run.done;
    const auto now = errors(motion.state());
    for (std::size_t i = 0; i < now.size(); ++i) run.errors[i].add(run.done, now[i]);
  }
  if (run.done > 0) run.evaluations_per_step = motion.evaluations() / static_cast<double>(run.done);
  return run;
}

}  // namespace metriplex::show
