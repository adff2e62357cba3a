#pragma once

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
  double poor =
      3;  ///< a fit is poor if it leaves more than so many times the noise and the model's own error of a component
  double huber = 0;  ///< errors beyond so many deviations count linearly: outliers; 0: all count squared
  double tolerance = 1e-2;  ///< ends at steps so short, in deviations of what is sought
  Index neighbours =
      10;             ///< training systems that the prior is sharpened to, at least; 0: it stays that of all
  Index piece = 20;   ///< longer motions are cut, each piece with an initial state of its own
  Index steps = 100;  ///< of the integrator between two samples of a motion, at most: a longer gap is refused
  Index work =
      20'000;  ///< of these steps in all motions together, at most: more take seconds, and are refused

  /// Errors: the first out of its range, with the range and what came.
  void validate() const {
    const auto within = [](double value, double least, double most, const char* name) {
      require(value >= least && value <= most,
              {"LatentFit needs ", name, " from ", least, " to ", most, "; got ", value});
    };
    const auto whole = [](Index value, Index least, const char* name) {
      require(value >= least, {"LatentFit needs ", name, " >= ", least, "; got ", value});
    };
    within(noise, 1e-12, 1e6,
           "a noise");  // relative: beyond these nothing is rounding, or nothing is measured
    within(model_error, 0, 1e6, "a model_error");
    within(poor, 1e-6, 1e12, "poor");
    within(huber, 0, 1e6, "huber");
    within(tolerance, 1e-12, 1, "a tolerance");
    whole(iterations, 0, "iterations");
    whole(restarts, 0, "restarts");
    whole(neighbours, 0, "neighbours");
    whole(piece, 2, "a piece");
    whole(steps, 1, "steps");
    whole(work, 1, "work");
  }
};

/// Says how a fit ended.
enum class FitStatus {
  converged,
  stopped,  ///< after all iterations, before it converged
  poor,  ///< converged or not, it leaves much more than noise and model explain: another family, or much noise
  outside  ///< it explains the measurements, by a member unlike all that the model was trained on
};

/// Returns a line that says what a status means.
constexpr std::string_view describe(FitStatus status) {
  switch (status) {
    case FitStatus::converged:
      return "the fit converged";
    case FitStatus::stopped:
      return "the fit used all its iterations before it converged";
    case FitStatus::outside:
      return "the fit converged outside of what the model was trained on: what was not measured may be far "
             "off";
    case FitStatus::poor:
      break;
  }
  return "the fit is poor: no member of the family explains the measurements to the expected noise";
}

}  // namespace metriplex
