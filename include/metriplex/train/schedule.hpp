#pragma once

#include <cmath>
#include <numbers>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Keeps a learning rate as it is.
struct ConstantSchedule {
  double operator()(Index, Index) const { return 1.0; }
};

/// Lowers a learning rate along half a cosine, from 1 to `final`.
///
/// Math: final + (1 − final)(1 + cos(π step/steps))/2 (Loshchilov & Hutter 2017).
struct CosineSchedule {
  double final = 0.01;
  double operator()(Index step, Index steps) const {
    const double progress = static_cast<double>(step) / static_cast<double>(steps);
    return final + (1.0 - final) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  }
};

/// Gives the factor of a learning rate at step `step` of `steps`.
template <class S>
concept Schedule = requires(const S& schedule, Index step, Index steps) {
  { schedule(step, steps) } -> std::convertible_to<double>;
};

}  // namespace metriplex
