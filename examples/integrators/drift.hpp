#pragma once

#include <array>
#include <vector>

#include "metriplex/core/types.hpp"

namespace metriplex::show {

/// The straight line through an error over time: what it gains over the whole run, and how uncertain that is.
struct Drift {
  double gain, standard_error;
};

/// Watches an error over a run of known length: its largest magnitude, and whether it drifts.
class DriftMeter {
 public:
  DriftMeter(Index steps, double dt);

  /// Takes the error after step `step` = 1, 2, …, `steps`.
  void add(Index step, double error);

  double largest() const { return largest_; }

  /// Fits a line to the means of a hundred blocks of equal length, which average the oscillation out.
  ///
  /// Math: least squares; the standard error is that of independent residuals times √((1 + ρ)/(1 − ρ)), ρ ≥ 0 being
  /// the correlation of each residual with the next (Santer et al. 2000, J. Geophys. Res. 105, eq. 6): an error that
  /// walks at random is not mistaken for one that drifts.
  Drift drift() const;

  /// Gives rows of time and the largest magnitude so far, evenly spread over a logarithmic axis.
  const std::vector<std::array<double, 2>>& curve() const { return curve_; }

 private:
  static constexpr Index blocks = 100;

  Index steps_;
  double dt_, largest_ = 0;
  Index next_ = 1;  // the step of the curve's next row
  std::vector<double> sums_ = std::vector<double>(blocks), counts_ = sums_;
  std::vector<std::array<double, 2>> curve_;
};

}  // namespace metriplex::show
