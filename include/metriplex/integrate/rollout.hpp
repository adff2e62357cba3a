#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

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

 protected:
  const Matrix<double>& given_;
};

/// Gives them likewise, and between two samples lets them change at a constant rate (first-order hold): stages and substeps of every scheme
/// see what is between.
///
/// Shapes: as `GivenAtSamples`; what is not finite is bridged, and after the last finite one it is held.
/// Example: `rollout(f, Rk4{}, x0, times, 4, GivenLinearly(inputs))`.
class GivenLinearly : public GivenAtSamples {
 public:
  using GivenAtSamples::GivenAtSamples;

  /// Writes the rates of the last components of x, from time k on; NaN where nothing is known of what comes.
  template <class State>
  void rates(Index k, const State& x, const Vector<double>& times, State& rate) const {
    for (Index i = 0, at = x.size() - given_.rows(); i < given_.rows(); ++i, ++at) {
      Index next = k + 1;
      while (next < times.size() && !std::isfinite(given_(i, next))) ++next;
      const bool known = next < times.size();
      rate[at] = static_cast<typename State::Scalar>(known ? (given_(i, next) - static_cast<double>(x[at])) /
                                                                 (times[next] - times[k])
                                                           : std::numeric_limits<double>::quiet_NaN());
    }
  }
};

/// Is a field whose last components change at constant rates.
template <VectorField F>
class Ramped {
 public:
  using State = typename F::State;

  explicit Ramped(const F& f) : f_(f) { rate.setConstant(std::numeric_limits<ScalarOf<F>>::quiet_NaN()); }
  static constexpr int dim() { return State::RowsAtCompileTime; }
  void operator()(const State& x, State& dx) const {
    f_(x, dx);
    for (int i = 0; i < dim(); ++i)
      if (std::isfinite(rate[i])) dx[i] = rate[i];
  }
  void jacobian(const State& x, JacobianOf<F>& J) const requires HasJacobian<F> { f_.jacobian(x, J); }

  State rate;  ///< of each component; where it is not finite, the field's own

 private:
  const F& f_;
};

/// Calls go(field, at_sample) with what a rollout steps and does at its samples.
template <class F, class AtSample, class Go>
auto with_given(const F& f, AtSample& at_sample, const Vector<double>& times, Go&& go) {
  if constexpr (std::is_base_of_v<GivenLinearly, std::remove_const_t<AtSample>>) {
    Ramped<F> ramped(f);
    return go(ramped, [&](Index k, auto& x) {
      at_sample(k, x);
      at_sample.rates(k, x, times, ramped.rate);
    });
  } else {
    return go(f, at_sample);
  }
}

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
  return with_given(f, at_sample, times, [&](const auto& field, auto&& reach) {
    typename F::State x = x0;
    reach(Index{0}, x);
    result.states.col(0) = x;
    for (result.completed = 1; result.completed < times.size(); ++result.completed) {
      const Index k = result.completed;
      const Scalar dt = static_cast<Scalar>((times(k) - times(k - 1)) / substeps);
      for (int substep = 0; substep < substeps; ++substep) {
        result.status = integrator.step(field, x, dt);
        if (result.status != StepStatus::ok) return result;
      }
      reach(k, x);
      result.states.col(k) = x;
    }
    return result;
  });
}

}  // namespace metriplex
