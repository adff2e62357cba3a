#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Says how close an adaptive integrator must stay to the solution, and when it gives up.
struct AdaptiveOptions {
  double absolute = 0;  ///< error allowed in a step, where all components have the same units
  double relative =
      1e-9;  ///< and beside it, as a part of each component's size; never below 8 units of rounding
  double initial_step = 0;    ///< size of the first attempt; 0: found with one more evaluation of the field
  Index max_steps = 100'000;  ///< attempts on the way from one time to the next
};

/// Checks the options of an adaptive integrator.
///
/// Errors: `Error` that names the first that is out of range.
inline void require_adaptive_options(const AdaptiveOptions& options) {
  const auto at_least_zero = [](double number) { return std::isfinite(number) && number >= 0; };
  require(at_least_zero(options.absolute),
          {"expected absolute >= 0, got ", options.absolute, " in AdaptiveOptions"});
  require(at_least_zero(options.relative),
          {"expected relative >= 0, got ", options.relative, " in AdaptiveOptions"});
  require(at_least_zero(options.initial_step),
          {"expected initial_step >= 0 (0: automatic), got ", options.initial_step, " in AdaptiveOptions"});
  require(options.max_steps >= 1,
          {"expected max_steps >= 1, got ", options.max_steps, " in AdaptiveOptions"});
}

/// Returns the part of a component's size by which a step may err: nobody can have more than the scalar's digits.
template <RealScalar Scalar>
constexpr double relative_tolerance(const AdaptiveOptions& options) {
  return std::max(options.relative, 8.0 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()));
}

/// Measures a difference of states against what the options allow beside components of given sizes: 1 is just allowed.
///
/// Math: mean of (v_i / (absolute + relative size_i))² (Hairer, Nørsett & Wanner 1993, "Solving Ordinary Differential
/// Equations I", (II.4.11)), of which a component without size is no part; the square, since a root is not always needed.
/// Shapes: v, size [n].
template <class State>
double mean_square(const AdaptiveOptions& options, const State& v, const State& size) {
  constexpr int n = State::RowsAtCompileTime;
  const double relative = relative_tolerance<typename State::Scalar>(options);
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    const double allowed = options.absolute + relative * static_cast<double>(size[i]);
    const double part = allowed > 0 ? static_cast<double>(v[i]) / allowed : 0.0 * static_cast<double>(v[i]);
    sum += part * part;
  }
  return sum / n;
}

/// Decides whether a step is taken, and finds the size of the next, from errors of order h^`order`.
///
/// Math: where the error e is at most 1 the step is taken, and the next is h (e / s)^(−α) (e_before / s)^β within
/// [0.2, 10] h with β = 0.04, α = 1/order − 0.75 β; else it is refused, and tried again with h max(0.2, (e / s)^(−1/order)).
/// The set point s = 0.9^order is the error that steps tend to. A proportional-integral controller: Gustafsson 1991;
/// its coefficients by Hairer & Wanner 1996, "Solving Ordinary Differential Equations II", IV.2; safety by a set
/// point, so that β does not shorten steps, by Söderlind 2003, "Digital filters in adaptive time-stepping", ACM TOMS 29.
class StepSizeControl {
 public:
  explicit StepSizeControl(int order) : order_(order) {}

  /// Tells the size of the step to try next, without a sign; 0 before the first.
  double size() const { return size_; }

  /// Sets the size of the first step.
  void start(double size) { size_ = size; }

  /// Judges a step of size h by the mean square of its error; true where it is taken. A `cut` step was shorter than
  /// asked for, in order to meet a time: what is asked for next does not shrink for that.
  bool judge(double h, double square, bool cut) {
    const double error = 0.5 * std::log(square);  // its logarithm, as the others below
    refused_before_ = std::exchange(refused_, !(square <= 1));
    if (refused_) {
      size_ = h * std::max(least, std::isfinite(square) ? std::exp(-(error - target_) / order_) : 0.0);
      ++rejected_;
      return false;
    }
    const double factor =
        std::clamp(std::exp(beta * (previous_ - target_) - alpha_ * (error - target_)), least, most);
    const double size = h * (refused_before_ ? std::min(factor, 1.0) : factor);
    size_ = cut && !refused_before_ ? std::max(size_, size) : size;
    if (!cut) previous_ = std::max(error, floor);
    ++accepted_;
    return true;
  }

  Index accepted() const { return accepted_; }  ///< steps taken
  Index rejected() const { return rejected_; }  ///< attempts whose error was too large, or not finite

 private:
  static constexpr double beta = 0.04, least = 0.2, most = 10.0;
  static constexpr double floor = -9.210340371976182;  // log 1e-4: less is an accident

  double order_, alpha_ = 1 / order_ - 0.75 * beta;
  double target_ = order_ * std::log(0.9), previous_ = target_, size_ = 0;
  bool refused_ = false, refused_before_ = false;
  Index accepted_ = 0, rejected_ = 0;
};

}  // namespace metriplex
