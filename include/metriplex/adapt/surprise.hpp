#pragma once

#include <algorithm>
#include <array>

#include "metriplex/adapt/chi_square.hpp"
#include "metriplex/adapt/latent_filter.hpp"

namespace metriplex {

/// Sets how long a `Surprise` remembers, and what it takes for one.
struct SurpriseOptions {
  double memory = 0.9;         ///< what earlier innovations count after one more
  double false_alarms = 1e-6;  ///< probability that what is as expected surprises, at a measurement
};

/// Tells whether the innovations of a stream surprise, and go on to do so: outliers do not.
///
/// Math: s = Σₛ λᵗ⁻ˢ min(νₛ, b(nₛ)) beside the quantile, at 1 − `false_alarms`, of the chi-square distribution that has the mean and the
/// variance of s without the bound b, for νₛ chi-square with nₛ degrees of freedom (Satterthwaite 1946; Bar-Shalom,
/// Li & Kirubarajan 2001, "Estimation with applications to tracking and navigation", 5.4). What a measurement says is bounded as
/// in Huber's robust probability ratio test (1965, Ann. Math. Statist. 36). b is less than two in a row need at the start,
/// and later between what two and what three need: one outlier does not surprise, nor do two, whatever their size.
template <int MostTerms>
class Surprise {
 public:
  /// Errors: options out of range.
  explicit Surprise(const SurpriseOptions& options) : options_(options) {
    require(
        options.memory > 0 && options.memory < 1 && options.false_alarms > 0 && options.false_alarms < 0.5,
        {"surprise needs a memory between 0 and 1, and false alarms between 0 and 0.5; got ", options.memory,
         " and ", options.false_alarms});
    const double keep = options.memory, between = 1 + keep + keep * keep / 2;
    const auto surprising = [&](double mean, double variance) {
      const double scale = variance / (2 * mean);
      return scale * chi_square_bound(options.false_alarms, mean / scale);
    };
    for (int n = 1; n <= MostTerms; ++n) {
      const double mean = n / (1 - keep), first = surprising(n * (1 + keep), 2 * n * (1 + keep * keep)),
                   later = surprising(mean, 2 * n / (1 - keep * keep));
      bound_[static_cast<std::size_t>(n)] = std::min(0.99 * first / (1 + keep), n + (later - mean) / between);
    }
  }

  /// What an innovation of so many terms counts at most.
  double bound(Index terms) const { return bound_[static_cast<std::size_t>(terms)]; }

  /// Forgets all innovations.
  void reset() { sum_ = mean_ = variance_ = 0; }

  /// Takes an innovation; one without terms changes nothing.
  void add(const Innovation& innovation) {
    if (innovation.terms == 0) return;
    const double keep = options_.memory;
    sum_ = keep * sum_ + std::min(innovation.square, bound(innovation.terms));
    mean_ = keep * mean_ + static_cast<double>(innovation.terms);
    variance_ = keep * keep * variance_ + 2.0 * static_cast<double>(innovation.terms);
  }

  /// Returns how probable it is that what is as expected surprises more than the innovations did of late.
  double plausibility() const {
    if (variance_ == 0) return 1;
    const double scale = variance_ / (2 * mean_);
    return chi_square_split(sum_ / scale, mean_ / scale).above;
  }
  /// Whether that is less than the probability of a false alarm.
  bool surprised() const { return plausibility() < options_.false_alarms; }
  /// Whether a chi-square with so many degrees of freedom is as improbable.
  bool improbable(double square, Index freedom) const {
    return chi_square_split(square, static_cast<double>(freedom)).above < options_.false_alarms;
  }

 private:
  SurpriseOptions options_;
  std::array<double, MostTerms + 1> bound_{};
  double sum_ = 0, mean_ = 0, variance_ = 0;  // the sum, and what is expected of it
};

}  // namespace metriplex
