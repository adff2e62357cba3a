#pragma once

#include "metriplex/core/types.hpp"
#include "metriplex/train/training_options.hpp"

namespace metriplex {

/// Sets how `IntegralLoss` compares.
struct IntegralOptions {
  static constexpr Index most_samples = 16;  ///< of a window, which must be within a tile
  Index window = most_samples;               ///< samples that are compared together
  double model_error = 0.1;  ///< of the rates, relative to their size: what errors beyond the noise come from
  Vector<double> noise{};    ///< deviation of each component's noise; empty: estimated from the data

  /// Errors: the first out of its range, with the range and what came.
  void validate() const {
    detail::require_option(2 <= window && window <= most_samples, "loss.window", "from 2 to 16",
                           double(window));
    detail::require_option(model_error > 0 && model_error <= 1e6, "loss.model_error", "from 0 to 1e6",
                           model_error);
    for (Index i = 0; i < noise.size(); ++i)
      detail::require_option(noise[i] >= 0, "loss.noise", "at least 0", noise[i]);
  }
};

}  // namespace metriplex
