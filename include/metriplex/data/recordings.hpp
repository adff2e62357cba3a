#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/data/motion.hpp"
#include "metriplex/data/task_set.hpp"

namespace metriplex {

/// What of a recording becomes the last components of its states: those that a structure is given (`given_count`).
enum class Given {
  nothing,
  inputs,  ///< held from sample to sample: their rates are 0
  time     ///< whose rate is 1
};

/// Holds what was recorded of one member of a family: motions of any lengths at times of their own, and, where known, the
/// member's physical parameters (which no learner may look at).
template <int Dim>
struct Member {
  std::vector<Motion<Dim>> motions;
  Vector<double> mu{};

  /// Counts the samples of all motions.
  Index samples() const {
    Index count = 0;
    for (const Motion<Dim>& motion : motions) count += motion.samples();
    return count;
  }
};

/// Holds a family of systems as they were recorded; a `TaskSet` is the special case of one time axis for all.
template <int Dim>
struct Recordings {
  static constexpr int dim = Dim;

  std::vector<Member<Dim>> members;

  Recordings() = default;
  Recordings(std::vector<Member<Dim>> list) : members(std::move(list)) {}

  /// Takes the trajectories of a rectangle for motions.
  explicit Recordings(const TaskSet<Dim>& set) {
    const Index n = set.samples();
    for (const Task<Dim>& task : set.tasks) {
      Member<Dim>& member = members.emplace_back();
      member.mu = task.mu;
      for (Index from = 0; n > 0 && from + n <= task.x.cols(); from += n) {
        Motion<Dim>& motion = member.motions.emplace_back();
        motion.times = set.times;
        motion.states.resize(Dim, n);
        std::copy_n(column(task.x, from), Dim * n, motion.states.data());
        motion.rates.resize(Dim, n);
        std::copy_n(column(task.dx, from), Dim * n, motion.rates.data());
      }
    }
  }

  /// Whether all motions have measured rates.
  bool have_rates() const {
    for (const Member<Dim>& member : members)
      for (const Motion<Dim>& motion : member.motions)
        if (!motion.has_rates()) return false;
    return !members.empty();
  }

  /// Splits into the first `count` members (for training) and the rest (unseen).
  ///
  /// Errors: a count that leaves one side empty.
  std::pair<Recordings, Recordings> split(std::size_t count) const {
    require(0 < count && count < members.size(),
            {"expected a split of ", members.size(), " members that leaves both sides some, got the first ",
             count});
    const auto middle = members.begin() + static_cast<std::ptrdiff_t>(count);
    return {Recordings({members.begin(), middle}), Recordings({middle, members.end()})};
  }
};

/// Calls body(motion, k) for every sample of a family of which all was measured.
template <int Dim, class Body>
void for_each_sample(const Recordings<Dim>& family, Body&& body) {
  for (const Member<Dim>& member : family.members)
    for (const Motion<Dim>& motion : member.motions)
      for (Index k = 0; k < motion.samples(); ++k)
        if (motion.complete(k)) body(motion, k);
}

/// Returns the standard deviation of each component of a family's states about its mean, [Dim].
///
/// Math: Welford 1962, which loses no digits to an offset.
template <int Dim>
Vector<double, Dim> state_deviations(const Recordings<Dim>& family) {
  Vector<double, Dim> mean = Vector<double, Dim>::Zero(), square = mean;
  double count = 0;
  for_each_sample(family, [&](const Motion<Dim>& motion, Index k) {
    count += 1;
    for (int i = 0; i < Dim; ++i) {
      const double away = motion.states(i, k) - mean[i];
      mean[i] += away / count;
      square[i] += away * (motion.states(i, k) - mean[i]);
    }
  });
  for (int i = 0; i < Dim; ++i) square[i] = count > 0 ? std::sqrt(square[i] / count) : 0;
  return square;
}

/// Checks that a family can be learned from: members, motions of at least `least` samples, sizes that agree, finite numbers.
///
/// Errors: the first fault, by member and motion; the message begins with `who`.
template <int Dim>
void require_valid(const Recordings<Dim>& family, const std::string& who, Index least = 1) {
  require(!family.members.empty(), {who, " needs at least one member; got none"});
  for (std::size_t m = 0; m < family.members.size(); ++m) {
    const Member<Dim>& member = family.members[m];
    require(!member.motions.empty(),
            {who, " needs at least one motion of each member; got none of member ", m});
    require(member.mu.size() == family.members.front().mu.size() && all_finite(member.mu),
            {who, " needs ", family.members.front().mu.size(), " finite parameters mu; got others at member ",
             m});
    for (std::size_t k = 0; k < member.motions.size(); ++k)
      member.motions[k].check(
          (who + " (member " + std::to_string(m) + ", motion " + std::to_string(k) + ")").c_str(), least);
  }
}

}  // namespace metriplex
