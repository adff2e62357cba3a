#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include "metriplex/data/data_checks.hpp"
#include "metriplex/data/noise_level.hpp"
#include "metriplex/data/recordings.hpp"

namespace metriplex {

/// How densely a family was sampled, over all its motions.
struct SamplingSummary {
  Index motions = 0, samples = 0;
  Index fewest = 0, most = 0;                   ///< samples of a motion
  double begin = 0, end = 0;                    ///< first and last time
  double shortest = 0, usual = 0, longest = 0;  ///< steps of time: least, median, largest
  Index gaps = 0;                               ///< steps of more than three usual ones
  bool regular() const { return longest - shortest <= 1e-3 * usual; }
};

/// What the numbers of one component of the states look like.
struct ComponentSummary {
  double lowest = 0, highest = 0, mean = 0, deviation = 0;
  double noise = 0;   ///< deviation of white noise, in the component's unit
  Index missing = 0;  ///< samples with a weight of 0
  Index jumps = 0;    ///< steps by a whole turn, as of an angle that is kept within one
  double turn = 0;    ///< what it jumps by: 2 pi, or 360
  bool constant() const { return highest - lowest <= 1e-12 * std::max(std::abs(lowest), std::abs(highest)); }
  /// How far states and the integral of their rates differ (`rate_agreement`); NaN without rates.
  double disagreement = std::numeric_limits<double>::quiet_NaN();
  double stretch = 1;  ///< c, where times are in a unit of 1/c
};

/// Sums up the times of a family.
template <int Dim>
SamplingSummary summarize_sampling(const Recordings<Dim>& family) {
  SamplingSummary sum;
  std::vector<double> steps;
  sum.begin = std::numeric_limits<double>::infinity();
  sum.end = -sum.begin;
  for (const Member<Dim>& member : family.members)
    for (const Motion<Dim>& motion : member.motions) {
      const Index n = motion.samples();
      if (n == 0) continue;
      sum.fewest = sum.motions == 0 ? n : std::min(sum.fewest, n);
      sum.most = std::max(sum.most, n);
      ++sum.motions;
      sum.samples += n;
      sum.begin = std::min(sum.begin, motion.times[0]);
      sum.end = std::max(sum.end, motion.times[n - 1]);
      for (Index k = 1; k < n; ++k) steps.push_back(motion.times[k] - motion.times[k - 1]);
    }
  if (steps.empty()) return sum;
  std::sort(steps.begin(), steps.end());
  sum.shortest = steps.front();
  sum.usual = steps[steps.size() / 2];
  sum.longest = steps.back();
  sum.gaps = steps.end() - std::upper_bound(steps.begin(), steps.end(), 3 * sum.usual);
  return sum;
}

namespace detail {

/// Counts steps between neighbouring samples that are a whole turn, give or take a tenth, where most are far smaller.
template <int Dim>
Index count_jumps(const Recordings<Dim>& family, int i, double turn) {
  std::vector<double> steps;
  for (const Member<Dim>& member : family.members)
    for (const Motion<Dim>& motion : member.motions)
      for (Index k = 1; k < motion.samples(); ++k)
        if (motion.weight(i, k) > 0 && motion.weight(i, k - 1) > 0)
          steps.push_back(std::abs(motion.states(i, k) - motion.states(i, k - 1)));
  if (steps.empty()) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  const double usual = *middle;  // the jump misses a turn by a step
  return std::count_if(steps.begin(), steps.end(), [&](double step) {
    return step > 4 * usual && std::abs(step - turn) < std::max(0.1 * turn, 3 * usual) &&
           std::abs(step - turn) < 0.4 * turn;
  });
}

}  // namespace detail

/// Sums up the states of a family, a component at a time: sizes, noise, what is missing, jumps, and whether rates lead to them.
///
/// Math: noise as `noise_deviation`, rates as `rate_agreement`. Shapes: returns [Dim].
template <int Dim>
std::vector<ComponentSummary> summarize_components(const Recordings<Dim>& family) {
  std::vector<ComponentSummary> sums;
  const Vector<double, Dim> noise = noise_deviation(family);
  const RateAgreement<Dim> agreement = rate_agreement(family);
  for (int i = 0; i < Dim; ++i) {
    ComponentSummary& sum = sums.emplace_back();
    double total = 0, squares = 0;
    Index count = 0;
    sum.lowest = std::numeric_limits<double>::infinity();
    sum.highest = -sum.lowest;
    for (const bool second : {false, true})
      for (const Member<Dim>& member : family.members)
        for (const Motion<Dim>& motion : member.motions)
          for (Index k = 0; k < motion.samples(); ++k) {
            const double x = motion.states(i, k);
            const bool measured = motion.weight(i, k) > 0;
            if (second) {
              squares += measured ? (x - sum.mean) * (x - sum.mean) : 0;
            } else if (measured) {
              sum.lowest = std::min(sum.lowest, x);
              sum.highest = std::max(sum.highest, x);
              total += x;
              ++count;
              sum.mean = total / static_cast<double>(count);
            } else {
              ++sum.missing;
            }
          }
    sum.deviation = std::sqrt(squares / static_cast<double>(std::max<Index>(1, count)));
    sum.noise = noise[i];
    for (const double turn : {2 * std::numbers::pi, 360.0})
      if (sum.jumps == 0 && sum.highest - sum.lowest < 1.2 * turn) {
        sum.jumps = detail::count_jumps(family, i, turn);
        sum.turn = turn;
      }
    if (agreement.coarseness[i] > 0) {
      sum.disagreement = agreement.disagreement[i];
      sum.stretch = agreement.stretch[i];
    }
  }
  return sums;
}

}  // namespace metriplex
