#pragma once

#include <cmath>
#include <numbers>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Keeps a learning rate as it is.
struct ConstantSchedule {
  double operator()(Index, Index) const { return 1.0; }
};

/// Raises a learning rate along a line in the first `warm_up` steps, then lowers it along half a cosine to `final`.
///
/// Math: (step + 1)/(w + 1) for step < w, then final + (1 − final)(1 + cos(π (step − w)/(steps − w)))/2 (Loshchilov & Hutter
/// 2017; Goyal et al. 2017 for the warm-up).
struct CosineSchedule {
  double final = 0.01;
  Index warm_up = 0;
  double operator()(Index step, Index steps) const {
    if (step < warm_up) return static_cast<double>(step + 1) / static_cast<double>(warm_up + 1);
    const double progress = static_cast<double>(step - warm_up) / static_cast<double>(steps - warm_up);
    return final + (1.0 - final) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  }
};

/// Gives the factor of a learning rate at step `step` of `steps`.
template <class S>
concept Schedule = requires(const S& schedule, Index step, Index steps) {
  { schedule(step, steps) } -> std::convertible_to<double>;
};

}  // namespace metriplex
