#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/data/recordings.hpp"

namespace metriplex {

namespace detail {

/// Returns the largest magnitude of a component of a family's states, or of its rates.
template <int Dim>
double largest_magnitude(const Recordings<Dim>& family, int component, bool rates) {
  double largest = 0;
  for_each_sample(family, [&](const Motion<Dim>& motion, Index k) {
    if (rates && !motion.has_rates()) return;
    largest = std::max(largest, std::abs((rates ? motion.rates : motion.states)(component, k)));
  });
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

/// Compares the states of a family with the integral of their rates; motions of one sample, or without rates, tell nothing.
template <int Dim>
RateAgreement<Dim> rate_agreement(const Recordings<Dim>& family) {
  RateAgreement<Dim> found;
  std::vector<Index> samples;  // the complete ones of a motion
  std::vector<double> path;    // the integral along it
  for (int i = 0; i < Dim; ++i) {
    const double largest = detail::largest_magnitude(family, i, false), unit = largest > 0 ? 1 / largest : 1;
    const auto for_each_motion = [&](auto body) {
      for (const Member<Dim>& member : family.members)
        for (const Motion<Dim>& motion : member.motions) {
          samples = motion.has_rates() ? motion.complete_samples() : std::vector<Index>();
          if (samples.size() > 1) body(motion);
        }
    };
    double rates = 0, changes = 0, points = 0;
    for_each_motion([&](const Motion<Dim>& motion) {
      for (std::size_t s = 0; s < samples.size(); ++s) {
        const double rate = motion.rates(i, samples[s]),
                     change = s > 0 ? rate - motion.rates(i, samples[s - 1]) : 0;
        rates += rate * rate;
        changes += change * change;
        points += 1;
      }
    });
    if (points == 0) continue;
    const double coarseness = rates > 0 ? std::sqrt(changes / rates) : 0;
    double moved = 0, led = 0, off = 0;
    for_each_motion([&](const Motion<Dim>& motion) {
      const std::size_t n = samples.size();
      const std::size_t apart = std::clamp(static_cast<std::size_t>(3 / std::max(coarseness, 1e-9)),
                                           std::size_t{1}, std::max<std::size_t>(1, n / 4));
      path.assign(n, 0);
      for (std::size_t s = 1; s < n; ++s)
        path[s] = path[s - 1] + unit * (motion.times[samples[s]] - motion.times[samples[s - 1]]) *
                                    (motion.rates(i, samples[s]) + motion.rates(i, samples[s - 1])) / 2;
      for (std::size_t s = apart; s < n; ++s) {
        const double d = unit * (motion.states(i, samples[s]) - motion.states(i, samples[s - apart]));
        const double by_rates = path[s] - path[s - apart];
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
void doubt_rates(const Recordings<Dim>& family, const std::string& where, std::vector<std::string>& doubts) {
  const RateAgreement<Dim> found = rate_agreement(family);
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

/// Returns the squared correlation of a component's rate with a component, within members, mean over those that have rates.
template <int Dim>
double rate_follows(const Recordings<Dim>& family, int rate, int component) {
  double total = 0;
  for (const Member<Dim>& member : family.members) {
    double points = 0, a = 0, b = 0, aa = 0, ab = 0, bb = 0;  // Welford 1962
    for (const Motion<Dim>& motion : member.motions)
      for (Index k = 0; k < motion.samples(); ++k) {
        if (!motion.has_rates() || !motion.complete(k)) continue;
        const double da = motion.rates(rate, k) - a, db = motion.states(component, k) - b;
        a += da / ++points;
        b += db / points;
        aa += da * (motion.rates(rate, k) - a);
        ab += da * (motion.states(component, k) - b);
        bb += db * (motion.states(component, k) - b);
      }
    if (aa > 0 && bb > 0) total += ab / aa * (ab / bb);
  }
  return total / static_cast<double>(family.members.size());
}

}  // namespace detail

/// Looks for what speaks against a family's data before hours are spent on them: states that the rates do not lead to,
/// pairs (q1, p1, q2, p2) where (q1, q2, p1, p2) is expected, entropies that fall. Returns one sentence each.
///
/// Errors: states and rates that contradict each other in every component; the message ends in `where`.
template <int Dim>
std::vector<std::string> data_doubts(const Recordings<Dim>& family, int entropies, const std::string& where) {
  std::vector<std::string> doubts;
  detail::doubt_rates(family, where, doubts);
  const int half = (Dim - entropies) / 2;
  double neighbours = half > 1 ? 1 : 0, partners = 1;  // by the pair that follows least
  for (int i = 0; i < half; ++i) {
    neighbours = std::min(neighbours, detail::rate_follows(family, 2 * i, 2 * i + 1));
    partners = std::min(partners, detail::rate_follows(family, i, half + i));
  }
  if (neighbours > 0.9 && partners < 0.5)
    doubts.push_back(
        "the rate of every second component follows its neighbour, as in (q1, p1, q2, p2): positions come "
        "first, then momenta, then entropies (q1, q2, p1, p2, S)");
  if (entropies > 0) {
    double made = 0, lost = 0;
    for_each_sample(family, [&](const Motion<Dim>& motion, Index k) {
      double rate = 0;
      for (int i = Dim - entropies; i < Dim && motion.has_rates(); ++i) rate += motion.rates(i, k);
      (rate > 0 ? made : lost) += std::abs(rate);
    });
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
void require_range(const Recordings<Dim>& family, const std::string& where) {
  constexpr auto margin = 1e6;  // of products of a few such numbers, and of parts of them
  const double most = std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::max())) / margin;
  const double least = std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::min())) * margin;
  for (int i = 0; i < Dim; ++i) {
    for (const bool rates : {false, true}) {
      const double largest = detail::largest_magnitude(family, i, rates);
      require(largest == 0 || (largest >= least && largest <= most), [&] {
        return std::string("expected components of ") + detail::short_text(least) + " to " +
               detail::short_text(most) + " in " + (rates ? "dX" : "X") + ", whose squares a " +
               (sizeof(Scalar) == 8 ? "double" : "float") + " holds, got at most " +
               detail::short_text(largest) + " in component " + std::to_string(i + 1) + " (take other units" +
               (sizeof(Scalar) == 8 ? "" : ", or double") + ") of " + where;
      });
    }
    if constexpr (sizeof(Scalar) < 8) {
      double low = std::numeric_limits<double>::infinity(), high = -low;
      for_each_sample(family, [&](const Motion<Dim>& motion, Index k) {
        low = std::min(low, motion.states(i, k));
        high = std::max(high, motion.states(i, k));
      });
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
