#pragma once

#include "metriplex/core/types.hpp"
#include "metriplex/train/rollout_scheme.hpp"
#include "metriplex/train/training_options.hpp"

namespace metriplex {

/// Sets how `RolloutLoss` integrates and compares.
struct RolloutOptions {
  static constexpr Index most_intervals = 16;  ///< of a window, which must be within a tile
  static constexpr int most_substeps = RolloutSchemeTraits::most_steps;
  Index intervals = 16;  ///< from sample to sample, that are compared together
  int substeps = 0;      ///< of the integrator in an interval; 0: as many as the data's smoothness asks for
  RolloutScheme scheme = RolloutScheme::rk4;  ///< all others are symplectic, and cost twice as much or more
  double model_error =
      0.02;                ///< of the rates, relative to their size: what errors beyond the noise come from
  Vector<double> noise{};  ///< deviation of each component's noise; empty: estimated from the data

  /// Errors: the first out of its range, with the range and what came.
  void validate() const {
    detail::require_option(1 <= intervals && intervals <= most_intervals, "loss.intervals", "from 1 to 16",
                           double(intervals));
    detail::require_option(0 <= substeps && substeps <= most_substeps, "loss.substeps", "from 1 to 64, or 0",
                           double(substeps));
    detail::require_option(model_error > 0 && model_error <= 1e6, "loss.model_error", "from 0 to 1e6",
                           model_error);
    for (Index i = 0; i < noise.size(); ++i)
      detail::require_option(noise[i] >= 0, "loss.noise", "at least 0", noise[i]);
  }
};

}  // namespace metriplex
