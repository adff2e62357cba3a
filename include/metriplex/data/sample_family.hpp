#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/data/task_set.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/systems/sample_system.hpp"

namespace metriplex {

/// Sets what `sample_family` draws; the defaults are those of the benchmark families.
struct FamilyOptions {
  Index members = 80;
  Index trajectories = 10;                                      ///< of each member
  Vector<double> times = Vector<double>::LinSpaced(50, 0, 10);  ///< of each sample of a trajectory
  std::uint64_t seed = 0;
  /// Of the integrator, or the system's own if that is less; leaves errors below 1e-12 for the benchmark systems.
  double max_step = 0.02;
};

/// Counts the last components of a system's state that are inputs.
template <class S>
inline constexpr int held_inputs = [] {
  if constexpr (requires { S::inputs; })
    return S::inputs;
  else
    return 0;
}();

/// Draws members of a system and exact trajectories of each: states, their exact rates, and the parameters.
///
/// Member k comes from stream k of the seed, so it is the same however many members are drawn. Inputs are drawn from their box at
/// every sample, and held until the next.
/// Shapes: x, dx of a task [dim x trajectories·times].
/// Errors: `Error` if there is no member or trajectory, max_step is not positive, times are not rising and
/// finite, or a trajectory cannot be integrated.
template <class S>
TaskSet<S::dim> sample_family(const FamilyOptions& options = {}) {
  require_system<S>();
  require(options.members > 0 && options.trajectories > 0,
          {"expected at least one member and one trajectory, got ", options.members, " and ",
           options.trajectories, " in sample_family"});
  require_times(options.times);
  const Index samples = options.times.size();
  constexpr Index most = Index{1} << 32;
  require(options.members <= most / samples / options.trajectories,
          {"expected at most 2^32 samples in all, got ", options.members, " members of ",
           options.trajectories, " trajectories of ", samples, " in sample_family"});
  double longest = 0;
  for (Index i = 1; i < samples; ++i) longest = std::max(longest, options.times(i) - options.times(i - 1));
  require(options.max_step > 0 && longest / options.max_step < 1e9,
          {"expected max_step > 0 and at most 1e9 steps between two times, got max_step = ", options.max_step,
           " in sample_family"});
  double step = options.max_step;
  if constexpr (requires { S::max_step; }) step = std::min(step, S::max_step);
  const int substeps = std::max(1, static_cast<int>(std::ceil(longest / step)));

  TaskSet<S::dim> family{options.times, options.trajectories, {}};
  for (Index member = 0; member < options.members; ++member) {
    Random random(options.seed, static_cast<std::uint64_t>(member));
    const Vector<double, S::parameters> mu = sample_parameters<S>(random);
    const auto field = exact_field<S>(mu);
    Task<S::dim> task;
    task.mu = mu;
    task.x.resize(S::dim, options.trajectories * samples);
    task.dx.resizeLike(task.x);
    for (Index k = 0; k < options.trajectories; ++k) {
      const Vector<double, S::dim> start = sample_initial_state<S>(mu, random);
      const auto trajectory = rollout(field, CooperVerner8{}, start, options.times, substeps,
                                      [&](Index sample, Vector<double, S::dim>& x) {
                                        for (int i = S::dim - held_inputs<S>; i < S::dim && sample > 0; ++i) {
                                          const auto row = static_cast<std::size_t>(i);
                                          x[i] =
                                              random.uniform(S::initial_box.lo[row], S::initial_box.hi[row]);
                                        }
                                      });
      require(
          trajectory.completed == samples,
          {"expected trajectories of finite states, got none beyond sample ", trajectory.completed,
           " of member ", member, ", trajectory ", k, " of ", S::name, ": ", describe(trajectory.status)});
      std::copy_n(trajectory.states.data(), S::dim * samples, column(task.x, k * samples));
    }
    for (Index i = 0; i < task.x.cols(); ++i) {
      Vector<double, S::dim> state, rate;
      std::copy_n(column(task.x, i), S::dim, state.data());
      field(state, rate);
      std::copy_n(rate.data(), S::dim, column(task.dx, i));
    }
    family.tasks.push_back(std::move(task));
  }
  require_valid(family, "sample_family of " + std::string(S::name));
  return family;
}

}  // namespace metriplex
