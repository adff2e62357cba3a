#pragma once

#include <cmath>
#include <limits>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Holds the states of a trajectory at the times that were asked for.
///
/// Shapes: states [Dim x times]; columns from `completed` on are NaN.
template <class Scalar, int Dim>
struct Rollout {
  Matrix<Scalar, Dim, Eigen::Dynamic> states;
  Index completed = 0;                 ///< number of leading columns that were reached
  StepStatus status = StepStatus::ok;  ///< why the rollout ended; `ok` where all times were reached
};

/// Checks that times can be integrated over: at least one, all finite, each beyond the one before.
///
/// Errors: `Error` that names the first time that is wrong.
inline void require_times(const Vector<double>& times) {
  require(times.size() > 0, "expected at least one time, got none in rollout");
  for (Index k = 0; k < times.size(); ++k)
    require(std::isfinite(times(k)),
            {"expected finite times, got times[", k, "] = ", times(k), " in rollout"});
  const bool rising = times(times.size() - 1) > times(0);
  for (Index k = 1; k < times.size(); ++k)
    require(rising ? times(k) > times(k - 1) : times(k) < times(k - 1),
            {"expected times that only rise or only fall, got times[", k - 1, "] = ", times(k - 1),
             " before ", times(k), " in rollout"});
}

/// Does nothing at a sample.
struct LeaveState {
  template <class State>
  void operator()(Index, State&) const {}
};

/// Integrates the field f from `x0` at `times[0]` through all `times`, with `substeps` equal steps between
/// two of them; at_sample(k, x) may change the state when time k is reached, the first included.
///
/// It stops at the first step that fails: what was reached stays, `completed` and `status` say how far and
/// why.
/// Shapes: x0 [D x 1], times [n x 1].
/// Units: times in those of the field; falling times integrate backwards.
/// Errors: `Error` if times are none, not finite or not monotone, or substeps < 1.
template <class F, class Integrator, class AtSample = LeaveState>
auto rollout(const F& f, const Integrator& integrator, const typename F::State& x0,
             const Vector<double>& times, int substeps = 1, AtSample&& at_sample = {}) {
  require_vector_field<F>();
  using Scalar = ScalarOf<F>;
  constexpr int dim = F::State::RowsAtCompileTime;
  require_times(times);
  require(substeps >= 1, {"expected substeps >= 1, got ", substeps, " in rollout"});

  Rollout<Scalar, dim> result;
  result.states.setConstant(dim, times.size(), std::numeric_limits<Scalar>::quiet_NaN());
  if (!all_finite(x0)) {
    result.status = StepStatus::non_finite;
    return result;
  }
  typename F::State x = x0;
  at_sample(Index{0}, x);
  result.states.col(0) = x;
  for (result.completed = 1; result.completed < times.size(); ++result.completed) {
    const Index k = result.completed;
    const Scalar dt = static_cast<Scalar>((times(k) - times(k - 1)) / substeps);
    for (int substep = 0; substep < substeps; ++substep) {
      result.status = integrator.step(f, x, dt);
      if (result.status != StepStatus::ok) return result;
    }
    at_sample(k, x);
    result.states.col(k) = x;
  }
  return result;
}

/// Counts the last components of a field's state that are given (`given_count`).
template <class F>
constexpr Index given_of(const F& f) {
  if constexpr (requires { f.given(); })
    return f.given();
  else
    return 0;
}

/// Gives a rollout the last components of its states at every sample: inputs are held until the next (zero-order hold).
///
/// Shapes: given [given x times]; what is not finite leaves what was there.
/// Example: `rollout(f, Rk4{}, x0, times, 4, GivenAtSamples(inputs))`.
class GivenAtSamples {
 public:
  explicit GivenAtSamples(const Matrix<double>& given) : given_(given) {}
  explicit GivenAtSamples(Matrix<double>&&) = delete;

  template <class State>
  void operator()(Index k, State& x) const {
    const Index first = x.size() - given_.rows();
    for (Index i = 0; i < given_.rows(); ++i)
      if (std::isfinite(given_(i, k))) x[first + i] = static_cast<typename State::Scalar>(given_(i, k));
  }

 private:
  const Matrix<double>& given_;
};

}  // namespace metriplex
