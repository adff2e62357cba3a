#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Corrects a potential's gradient in the middle of a step, along the step, until it explains the potential's change;
/// alike in all units, those of single components too.
///
/// Math: ∇̄V = ∇V(m) + d/(Δ·WΔ) WΔ, d = V(x₁) − V(x₀) − ∇V(m)·Δ, m = (x₀ + x₁)/2, Δ = x₁ − x₀ (Gonzalez 1996, "Time
/// integration and discrete Hamiltonian systems", J. Nonlinear Sci. 6, eq. 3.1, where W = 1 would add metres to momenta).
/// W_i = (∂_iV(x₁) − ∂_iV(x₀))²: a component takes part as its slope and it turn energy over. This is smooth, and vanishes
/// with d only: where a coordinate turns around, its momentum does not. Where the gradient bends by less than half of its
/// digits, or d agrees up to the potential's rounding, it comes from Simpson's rule, (∇V(x₀) − 2∇V(m) + ∇V(x₁))·Δ/6,
/// which then misses less: what is left of a difference of potentials would be noise. So it would where d is more than all that the
/// gradient bends by and no more than what a sum of hundreds of terms, a network, rounds: near rest, where steps end in rounding.
template <class State>
class GonzalezCorrection {
 public:
  using Scalar = typename State::Scalar;

  /// Weighs the components of a step `moved` by the gradients at its start, middle and end.
  GonzalezCorrection(const State& moved, const State& start, const State& middle, const State& end) {
    Scalar largest = 0, size = 0;
    simpson_ = bent_ = 0;
    for (int i = 0; i < dim; ++i) {
      const Scalar bend = start[i] + end[i] - 2 * middle[i];
      simpson_ += bend * moved[i] / 6;
      bent_ += std::abs(bend * moved[i]);
      size += (std::abs(start[i]) + 2 * std::abs(middle[i]) + std::abs(end[i])) * std::abs(moved[i]);
      largest = std::max(largest, std::abs((end[i] - start[i]) * moved[i]));
    }
    straight_ = bent_ <= std::sqrt(std::numeric_limits<Scalar>::epsilon()) * size;
    const Scalar unit = largest > 0 ? 1 / largest : Scalar(0);
    for (int i = 0; i < dim; ++i) {
      const Scalar turn = (end[i] - start[i]) * unit;
      const bool finite = std::isfinite(std::abs(turn) * (std::abs(turn) + unit));
      weight_[i] = finite ? turn * turn : Scalar(0);  // not of a component that rests beside others
      weight_slope_[i] = finite ? 2 * turn * unit : Scalar(0);
    }
  }

  /// Tells whether the potential's values are not asked for.
  bool straight() const { return straight_; }

  /// Computes d/(Δ·WΔ), given the potential before and after the step, and WΔ.
  Scalar along(const State& moved, const State& middle, Scalar before, Scalar after, State& direction) const {
    constexpr Scalar rounding = 4 * std::numeric_limits<Scalar>::epsilon(), rounding_of_sums = 250 * rounding;
    Scalar square = 0, left = after - before;
    for (int i = 0; i < dim; ++i) {
      direction[i] = weight_[i] * moved[i];
      square += direction[i] * moved[i];
      left -= middle[i] * moved[i];
    }
    const Scalar misses = std::abs(left - simpson_), size = std::abs(before) + std::abs(after);
    const bool lost =
        misses <= rounding * size || (std::abs(left) > bent_ && misses <= rounding_of_sums * size);
    return square > 0 ? (straight_ || lost ? simpson_ : left) / square : Scalar(0);
  }

  /// Corrects a gradient in the middle, given the potential before and after the step.
  void correct(const State& moved, Scalar before, Scalar after, State& gradient) {
    State direction;
    by_ = along(moved, gradient, before, after, direction);
    Scalar turned = 0;
    for (int i = 0; i < dim; ++i) {
      turned += std::abs(gradient[i] * moved[i]);
      gradient[i] += by_ * direction[i];
    }
    constexpr Scalar digits = 100;
    resolved_ = !straight_ && turned > digits * std::sqrt(std::numeric_limits<Scalar>::epsilon()) *
                                           (std::abs(before) + std::abs(after));
  }

  /// Tells whether the potential turns over so much of itself in the step that last was corrected that its change beside it, half of the digits
  /// away, is more than noise.
  bool resolved() const { return resolved_; }

  /// Corrects a gradient beside that step by as much.
  void repeat(const State& moved, State& gradient) const {
    for (int i = 0; i < dim; ++i) gradient[i] += by_ * weight_[i] * moved[i];
  }

  const State& weight() const { return weight_; }              ///< W
  const State& weight_slope() const { return weight_slope_; }  ///< the derivative of W_i by ∂_iV(x₁)

 private:
  static constexpr int dim = State::RowsAtCompileTime;

  State weight_, weight_slope_;
  Scalar simpson_, bent_, by_ = 0;
  bool straight_, resolved_ = false;
};

}  // namespace metriplex
