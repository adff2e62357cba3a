#pragma once

#include <cmath>
#include <string_view>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Sets how `LatentFit` searches.
struct LatentFitOptions {
  /// Least error that is expected of what was measured and of the model together: of rates relative to their root mean square, of states
  /// to their spread in training.
  double noise = 5e-3;
  double model_error =
      1e-2;  ///< error of the model, likewise: it does not average out over measurements as noise does
  int iterations = 50;  ///< at most, from each start
  int restarts = 3;  ///< from the training latents that fit best, where the mean latent leads to a poor fit
  double poor = 5;   ///< a fit is poor if it leaves more than so many times the noise
  double huber = 0;  ///< errors beyond so many deviations count linearly: outliers; 0: all count squared
  double tolerance = 1e-2;  ///< ends at steps so short, in deviations of what is sought
  Index neighbours =
      10;            ///< training systems that the prior is sharpened to, at least; 0: it stays that of all
  Index piece = 20;  ///< longer motions are cut, each piece with an initial state of its own

  /// Errors: one out of range.
  void validate() const {
    require(std::isfinite(noise) && noise > 0 && model_error >= 0 && iterations >= 0 && restarts >= 0 &&
                poor > 0 && huber >= 0 && tolerance > 0 && neighbours >= 0 && piece >= 2,
            "LatentFit needs a positive noise, poor and tolerance, iterations, restarts, huber and "
            "neighbours >= 0, and "
            "pieces of 2 samples or more");
  }
};

/// Says how a fit ended.
enum class FitStatus {
  converged,
  stopped,  ///< after all iterations, before it converged
  poor      ///< converged or not, it leaves much more than the noise: another family, or much noise
};

/// Returns a line that says what a status means.
constexpr std::string_view describe(FitStatus status) {
  switch (status) {
    case FitStatus::converged:
      return "the fit converged";
    case FitStatus::stopped:
      return "the fit used all its iterations before it converged";
    case FitStatus::poor:
      break;
  }
  return "the fit is poor: no member of the family explains the measurements to the expected noise";
}

}  // namespace metriplex
