#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "metriplex/data/task_set.hpp"

namespace metriplex {

namespace detail {

/// Returns the largest magnitude of a component of a family's states, or of its rates.
template <int Dim>
double largest_magnitude(const TaskSet<Dim>& set, int component, bool rates) {
  double largest = 0;
  for (const Task<Dim>& task : set.tasks) {
    const auto& values = rates ? task.dx : task.x;
    for (Index p = 0; p < values.cols(); ++p) largest = std::max(largest, std::abs(values(component, p)));
  }
  return largest;
}

}  // namespace detail

/// How far the states of a family and their rates are from telling the same motion, a number a component.
///
/// Math: D is how far X moves in m samples, I the trapezoid rule's integral of dX over them, m = 3/coarseness: half a period,
/// where D is most above noise in X and I not yet above that in dX, but not more than a quarter of all: an angle may jump.
template <int Dim>
struct RateAgreement {
  using Numbers = Vector<double, Dim>;
  Numbers disagreement = Numbers::Zero();  ///< rms(D − I)/min(rms D, rms I); 0 where nothing moves
  Numbers stretch = Numbers::Ones();       ///< rms D/rms I: c, if times are in a unit of 1/c
  /// rms(ΔdX)/rms(dX), 2 sin(ωh/2) for a sinusoid sampled every h: the rule's own error grows with its square.
  Numbers coarseness = Numbers::Zero();
};

/// Compares the states of a family with the integral of their rates; trajectories of one sample tell nothing.
template <int Dim>
RateAgreement<Dim> rate_agreement(const TaskSet<Dim>& set) {
  RateAgreement<Dim> found;
  const Index n = set.samples();
  std::vector<double> path(static_cast<std::size_t>(n));  // the integral of a trajectory
  const auto points = static_cast<double>(n * set.trajectories * static_cast<Index>(set.tasks.size()));
  for (int i = 0; i < Dim && n > 1; ++i) {
    const double largest = detail::largest_magnitude(set, i, false), unit = largest > 0 ? 1 / largest : 1;
    const auto for_each_trajectory = [&](auto body) {
      for (const Task<Dim>& task : set.tasks)
        for (Index begin = 0; begin < task.x.cols(); begin += n) body(task, begin);
    };
    double rates = 0, changes = 0;
    for_each_trajectory([&](const Task<Dim>& task, Index begin) {
      for (Index s = 0; s < n; ++s) {
        const double rate = task.dx(i, begin + s), change = s > 0 ? rate - task.dx(i, begin + s - 1) : 0;
        rates += rate * rate;
        changes += change * change;
      }
    });
    const double coarseness = rates > 0 ? std::sqrt(changes / rates) : 0;
    const Index apart =
        std::clamp(static_cast<Index>(3 / std::max(coarseness, 1e-9)), Index{1}, std::max<Index>(1, n / 4));
    double moved = 0, led = 0, off = 0;
    for_each_trajectory([&](const Task<Dim>& task, Index begin) {
      path[0] = 0;
      for (Index s = 1; s < n; ++s)
        path[static_cast<std::size_t>(s)] = path[static_cast<std::size_t>(s - 1)] +
                                            unit * (set.times[s] - set.times[s - 1]) *
                                                (task.dx(i, begin + s) + task.dx(i, begin + s - 1)) / 2;
      for (Index s = apart; s < n; ++s) {
        const double d = unit * (task.x(i, begin + s) - task.x(i, begin + s - apart));
        const double by_rates = path[static_cast<std::size_t>(s)] - path[static_cast<std::size_t>(s - apart)];
        moved += d * d;
        led += by_rates * by_rates;
        off += (d - by_rates) * (d - by_rates);
      }
    });
    found.coarseness[i] = coarseness;
    constexpr double rounding = 1e-13;  // all that a state at rest moves by
    if (std::max(moved, led) <= rounding * rounding * points) continue;
    found.disagreement[i] = std::sqrt(off / std::min(moved, led));
    found.stretch[i] = std::sqrt(moved / led);
  }
  return found;
}

namespace detail {

/// Writes a number to three digits.
inline std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// Doubts whether states and rates tell the same motion.
///
/// Errors: they contradict each other in every component, by more than noise or coarse samples could.
template <int Dim>
void doubt_rates(const TaskSet<Dim>& set, const std::string& where, std::vector<std::string>& doubts) {
  const RateAgreement<Dim> found = rate_agreement(set);
  constexpr double blatant = 3, unknowable = 1.5;  // of four samples a period the rule makes anything
  std::string parts;
  int moving = 0, contradicting = 0;
  for (int i = 0; i < Dim; ++i) {
    const double off = found.disagreement[i], coarse = found.coarseness[i];
    if (off == 0) continue;
    ++moving;
    if (coarse > unknowable || off <= 0.3 + coarse * coarse / 4) continue;
    contradicting += !(off <= blatant) && !(std::abs(std::log(found.stretch[i])) <= std::log(blatant));
    parts += (parts.empty() ? "" : ", ") + std::string("component ") + std::to_string(i + 1) + " by " +
             short_text(100 * off) + " %";
  }
  require(moving == 0 || contradicting < moving, [&] {
    return "expected times t and rates dX that lead from state to state, got states X that move " +
           short_text(found.stretch[0]) + " times as far (are t and dX in the same unit of time?) in " +
           where;
  });
  if (!parts.empty())
    doubts.push_back("X and the integral of dX over t differ, in " + parts +
                     ": noise, other units, columns in another order, or an angle that jumps?");
}

/// Returns the squared correlation of a component's rate with a component, within members, mean over them.
template <int Dim>
double rate_follows(const TaskSet<Dim>& set, int rate, int component) {
  double total = 0;
  for (const Task<Dim>& task : set.tasks) {
    const auto points = static_cast<double>(task.x.cols());
    double a = 0, b = 0, aa = 0, ab = 0, bb = 0;
    for (Index p = 0; p < task.x.cols(); ++p)
      a += task.dx(rate, p) / points, b += task.x(component, p) / points;
    for (Index p = 0; p < task.x.cols(); ++p) {
      const double da = task.dx(rate, p) - a, db = task.x(component, p) - b;
      aa += da * da, ab += da * db, bb += db * db;
    }
    if (aa > 0 && bb > 0) total += ab / aa * (ab / bb);
  }
  return total / static_cast<double>(set.tasks.size());
}

}  // namespace detail

/// Looks for what speaks against a family's data before hours are spent on them: states that the rates do not lead to,
/// pairs (q1, p1, q2, p2) where (q1, q2, p1, p2) is expected, entropies that fall. Returns one sentence each.
///
/// Errors: states and rates that contradict each other in every component; the message ends in `where`.
template <int Dim>
std::vector<std::string> data_doubts(const TaskSet<Dim>& set, int entropies, const std::string& where) {
  std::vector<std::string> doubts;
  detail::doubt_rates(set, where, doubts);
  const int half = (Dim - entropies) / 2;
  double neighbours = half > 1 ? 1 : 0, partners = 1;  // by the pair that follows least
  for (int i = 0; i < half; ++i) {
    neighbours = std::min(neighbours, detail::rate_follows(set, 2 * i, 2 * i + 1));
    partners = std::min(partners, detail::rate_follows(set, i, half + i));
  }
  if (neighbours > 0.9 && partners < 0.5)
    doubts.push_back(
        "the rate of every second component follows its neighbour, as in (q1, p1, q2, p2): positions come "
        "first, then momenta, then entropies (q1, q2, p1, p2, S)");
  if (entropies > 0) {
    double made = 0, lost = 0;
    for (const Task<Dim>& task : set.tasks)
      for (Index p = 0; p < task.dx.cols(); ++p) {
        double rate = 0;
        for (int i = Dim - entropies; i < Dim; ++i) rate += task.dx(i, p);
        (rate > 0 ? made : lost) += std::abs(rate);
      }
    if (lost > 0.05 * made)
      doubts.push_back(
          "the sum of the last " + std::to_string(entropies) + " components falls by " +
          detail::short_text(lost) + " where it rises by " + detail::short_text(made) +
          " (sums of its rates): entropies do not fall (is --entropies right, and do they come last?)");
  }
  return doubts;
}

/// Checks that every component of a family's states and rates has a size whose square `Scalar` holds, and that states differ by
/// more than it rounds them by.
///
/// Errors: a component that is too large, too small or too far off for its motion; the message ends in `where`.
template <class Scalar, int Dim>
void require_range(const TaskSet<Dim>& set, const std::string& where) {
  constexpr auto margin = 1e6;  // of products of a few such numbers, and of parts of them
  const double most = std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::max())) / margin;
  const double least = std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::min())) * margin;
  for (int i = 0; i < Dim; ++i) {
    for (const bool rates : {false, true}) {
      const double largest = detail::largest_magnitude(set, i, rates);
      require(largest == 0 || (largest >= least && largest <= most), [&] {
        return std::string("expected components of ") + detail::short_text(least) + " to " +
               detail::short_text(most) + " in " + (rates ? "dX" : "X") + ", whose squares a " +
               (sizeof(Scalar) == 8 ? "double" : "float") + " holds, got at most " +
               detail::short_text(largest) + " in component " + std::to_string(i + 1) + " (take other units" +
               (sizeof(Scalar) == 8 ? "" : ", or double") + ") of " + where;
      });
    }
    if constexpr (sizeof(Scalar) < 8) {
      double low = set.tasks[0].x(i, 0), high = low;
      for (const auto& task : set.tasks) {
        low = std::min(low, task.x.row(i).minCoeff());
        high = std::max(high, task.x.row(i).maxCoeff());
      }
      const double largest = std::max(std::abs(low), std::abs(high)), range = high - low,
                   rounding = largest * std::numeric_limits<Scalar>::epsilon();
      const bool still = range <= 1e-12 * largest;  // what is left is a double's rounding
      require(still || range >= 1000 * rounding, [&] {
        return "expected states that move by a thousand roundings of a float or more, got component " +
               std::to_string(i + 1) + " that moves by " + detail::short_text(range) + " about " +
               detail::short_text(largest) + " (subtract an offset, or take double) in " + where;
      });
    }
  }
}

}  // namespace metriplex
