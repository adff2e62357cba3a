#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Holds what was measured of one member of a family: states, their time derivatives, and, where known, the
/// member's physical parameters (which no learner may look at).
///
/// Shapes: x, dx [dim x trajectories·samples], trajectory k in columns k·samples … (k+1)·samples − 1; mu [k].
template <int Dim>
struct Task {
  Matrix<double, Dim, Eigen::Dynamic> x, dx;
  Vector<double> mu;
};

/// Holds a family of systems: one task a member, all sampled at the same times.
template <int Dim>
struct TaskSet {
  static constexpr int dim = Dim;

  Vector<double> times;
  Index trajectories = 0;
  std::vector<Task<Dim>> tasks;

  /// Counts the samples of a trajectory.
  Index samples() const { return times.size(); }

  /// Views the states of one trajectory of a member, `[dim x samples]`.
  auto states(std::size_t member, Index trajectory) const {
    return tasks[member].x.middleCols(trajectory * samples(), samples());
  }

  /// Views the time derivatives of one trajectory of a member, `[dim x samples]`.
  auto derivatives(std::size_t member, Index trajectory) const {
    return tasks[member].dx.middleCols(trajectory * samples(), samples());
  }

  /// Splits into the first `count` members (for training) and the rest (unseen).
  ///
  /// Errors: a count that leaves one side empty.
  std::pair<TaskSet, TaskSet> split(std::size_t count) const {
    require(0 < count && count < tasks.size(),
            {"expected a split of ", tasks.size(), " members that leaves both sides some, got the first ",
             count});
    const auto middle = tasks.begin() + static_cast<std::ptrdiff_t>(count);
    return {{times, trajectories, {tasks.begin(), middle}}, {times, trajectories, {middle, tasks.end()}}};
  }
};

namespace detail {

/// Checks the states or rates of one member, [dim x cols], which must be `count`.
inline void require_points(const double* points, Index dim, Index cols, Index count, Index samples,
                           std::size_t member, const char* name, const std::string& where) {
  require(cols == count,
          {"expected ", name, " of ", count, " points, got ", cols, " at member ", member, " of ", where});
  for (Index at = 0; at < dim * cols; ++at) {
    if (std::isfinite(points[at])) continue;
    const Index point = at / dim;
    fail({"expected finite numbers in ", name, ", got ", points[at], " at member ", member, ", trajectory ",
          point / samples, ", sample ", point % samples, ", component ", at % dim, " of ", where});
  }
}

}  // namespace detail

/// Checks that a family can be learned from: not empty, sizes that agree, finite numbers, increasing times.
///
/// Errors: the first fault, with member, trajectory, sample and component; the message ends in `where`.
template <int Dim>
void require_valid(const TaskSet<Dim>& set, const std::string& where) {
  const Index samples = set.samples();
  require(!set.tasks.empty() && set.trajectories > 0 && samples > 0,
          {"expected at least one member, trajectory and sample, got ", set.tasks.size(), ", ",
           set.trajectories, " and ", samples, " in ", where});
  for (Index i = 0; i < samples; ++i) {
    const bool first = i == 0;
    require(std::isfinite(set.times[i]) && (first || set.times[i] > set.times[i - 1]),
            {"expected finite, increasing times, got t[", i, "] = ", set.times[i], first ? "" : " after ",
             first ? MessagePart("") : MessagePart(set.times[i - 1]), " in ", where});
  }
  for (std::size_t member = 0; member < set.tasks.size(); ++member) {
    const Task<Dim>& task = set.tasks[member];
    const Index count = set.trajectories * samples;
    detail::require_points(task.x.data(), Dim, task.x.cols(), count, samples, member, "X", where);
    detail::require_points(task.dx.data(), Dim, task.dx.cols(), count, samples, member, "dX", where);
    require(task.mu.size() == set.tasks.front().mu.size() && all_finite(task.mu),
            {"expected ", set.tasks.front().mu.size(), " finite parameters mu, got others at member ", member,
             " of ", where});
  }
}

}  // namespace metriplex
