#pragma once

#include <cmath>
#include <numbers>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Keeps a learning rate as it is.
struct ConstantSchedule {
  double operator()(Index, Index) const { return 1.0; }
};

/// Raises a learning rate along a line, in the fraction `warm_up` of all steps, then lowers it along half a cosine to
/// `final`.
///
/// Math: with w = warm_up · steps, rounded down: (step + 1)/(w + 1) for step < w, then
/// final + (1 − final)(1 + cos(π (step − w)/(steps − w)))/2 (Loshchilov & Hutter 2017; Goyal et al. 2017 for the warm-up).
struct CosineSchedule {
  double final = 0.01;
  double warm_up = 0.02;
  double operator()(Index step, Index steps) const {
    const double at = static_cast<double>(step), all = static_cast<double>(steps);
    const double rise = std::floor(warm_up * all);
    if (at < rise) return (at + 1) / (rise + 1);
    const double progress = (at - rise) / (all - rise);
    return final + (1.0 - final) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  }
};

/// Gives the factor of a learning rate at step `step` of `steps`.
template <class S>
concept Schedule = requires(const S& schedule, Index step, Index steps) {
  { schedule(step, steps) } -> std::convertible_to<double>;
};

}  // namespace metriplex
