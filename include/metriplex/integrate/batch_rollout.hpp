#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/threads.hpp"
#include "metriplex/integrate/integrator.hpp"
#include "metriplex/integrate/rollout.hpp"

namespace metriplex {

/// Holds the trajectories of many initial states at the times that were asked for.
///
/// Shapes: states [times] of [Dim x n], completed, status [n]. A state's columns from its `completed` on are NaN.
template <class Scalar, int Dim>
struct BatchRollout {
  std::vector<Matrix<Scalar, Dim>> states;
  std::vector<Index> completed;    ///< of each initial state, the number of leading times that were reached
  std::vector<StepStatus> status;  ///< why each ended; `ok` where all times were reached
};

/// Integrates the field f from all columns of `x0` through all `times`, as `rollout` does from one.
///
/// Runs of columns go through all times in parallel, small enough to stay in the cache. Explicit Runge–Kutta methods and
/// splittings step a run at once by the field's `batch`; all other integrators step column after column. A column that fails
/// ends there and disturbs no other, and results do not depend on the number of threads.
/// Shapes: x0 [D x n], times [m x 1].
/// Units: as in `rollout`.
/// Errors: as in `rollout`; a field that throws ends the program where several threads run.
template <class F, class Integrator>
auto batch_rollout(const F& f, const Integrator& integrator, const StatesOf<F>& x0,
                   const Vector<double>& times, int substeps = 1) {
  require_vector_field<F>();
  using Scalar = ScalarOf<F>;
  using State = typename F::State;
  constexpr int dim = State::RowsAtCompileTime;
  constexpr Index run = 256;
  require_times(times);
  require(substeps >= 1, {"expected substeps >= 1, got ", substeps, " in batch_rollout"});

  const Index count = x0.cols(), lasts = times.size() - 1;
  BatchRollout<Scalar, dim> result;
  Matrix<Scalar, dim> nowhere(dim, count);
  nowhere.setConstant(std::numeric_limits<Scalar>::quiet_NaN());
  result.states.assign(static_cast<std::size_t>(times.size()), nowhere);
  result.completed.assign(static_cast<std::size_t>(count), 0);
  result.status.assign(static_cast<std::size_t>(count), StepStatus::ok);

  // Keeps the state of a column at time k, unless it failed; tells whether it goes on.
  const auto keep = [&](Index column, Index k, const State& x, StepStatus status) {
    StepStatus& kept = result.status[static_cast<std::size_t>(column)];
    if (kept != StepStatus::ok) return false;
    kept = status != StepStatus::ok ? status : all_finite(x) ? StepStatus::ok : StepStatus::non_finite;
    if (kept != StepStatus::ok) return false;
    result.states[static_cast<std::size_t>(k)].col(column) = x;
    result.completed[static_cast<std::size_t>(column)] = k + 1;
    return true;
  };

  parallel_for((count + run - 1) / run, [&](Index part, int) {
    const Index first = part * run, width = std::min(run, count - first);
    StatesOf<F> x = x0.middleCols(first, width);
    Index alive = 0;
    for (Index j = 0; j < width; ++j) alive += keep(first + j, 0, x.col(j), StepStatus::ok);
    [[maybe_unused]] std::vector<StatesOf<F>> scratch;
    for (Index k = 1; k <= lasts && alive > 0; ++k) {
      const auto dt = static_cast<Scalar>((times(k) - times(k - 1)) / substeps);
      alive = 0;
      if constexpr (BatchIntegratorFor<Integrator, F>) {
        for (int substep = 0; substep < substeps; ++substep) integrator.step_batch(f, x, dt, scratch);
        for (Index j = 0; j < width; ++j) alive += keep(first + j, k, x.col(j), StepStatus::ok);
      } else {
        for (Index j = 0; j < width; ++j) {
          if (result.status[static_cast<std::size_t>(first + j)] != StepStatus::ok) continue;
          State state = x.col(j);
          StepStatus status = StepStatus::ok;
          for (int substep = 0; substep < substeps && status == StepStatus::ok; ++substep)
            status = integrator.step(f, state, dt);
          alive += keep(first + j, k, state, status);
          x.col(j) = state;
        }
      }
    }
  });
  return result;
}

}  // namespace metriplex
