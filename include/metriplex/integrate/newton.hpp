#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Says how an implicit integrator solves the equation of a step.
struct NewtonOptions {
  double tolerance =
      1e-12;  ///< residual allowed, as a part of what an equation adds up; never below 8 units of rounding
  int max_iterations = 20;  ///< then the step is `not_converged`
  bool simplified = false;  ///< keep the first iteration's Jacobian for all: more iterations, each cheaper
};

/// Divides each equation of a linear system by what it adds up, which is also what makes pivots comparable.
///
/// Math: by_i = 1/Σ_j |derivative_ij| max(size_j, |y_j|), or 1 where that is infinite.
template <class Unknown, class Derivative>
void weigh_equations(const Unknown& size, const Unknown& y, Derivative& derivative, Unknown& by) {
  constexpr int n = Unknown::RowsAtCompileTime;
  by.setZero();
  for (int j = 0; j < n; ++j) {
    const auto unknown = std::max(std::abs(size[j]), std::abs(y[j]));
    for (int i = 0; i < n; ++i) by[i] += std::abs(derivative(i, j)) * unknown;
  }
  for (int i = 0; i < n; ++i) {
    by[i] = 1 / by[i];
    if (!std::isfinite(by[i])) by[i] = 1;
  }
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) derivative(i, j) *= by[i];
}

/// Solves residual(y) = 0 by Newton's method from the y that is given, which becomes the solution.
///
/// evaluate(y, residual, derivative) writes the residual, and its derivative unless null. A correction to where these
/// are not finite, beyond a wall or a logarithm's end, is halved until they are; each halving is an iteration.
/// Math: derivative δ = −residual, y ← y + δ, until |residual_i| ≤ tolerance · Σ_j |derivative_ij| s_j before the last δ,
/// s = max(size, |y|): an error of y relative to itself, in any units of its components (Oettli & Prager 1964,
/// "Compatibility of approximate solution of linear equations", Numer. Math. 6); or until residuals below half of the
/// digits no longer shrink (Hairer, McLachlan, Razakarivony 2008, "Achieving Brouwer's law with implicit Runge–Kutta
/// methods", BIT 48, 3).
/// Shapes: y, size, residual [n], derivative [n x n]; size: what an unknown is beside, such as the state that it moves.
template <class Unknown, class Evaluate>
[[nodiscard]] StepStatus solve_newton(const NewtonOptions& options, const Unknown& size, Unknown& y,
                                      Evaluate&& evaluate) {
  using Scalar = typename Unknown::Scalar;
  constexpr int n = Unknown::RowsAtCompileTime;
  constexpr double rounding = std::numeric_limits<Scalar>::epsilon();
  const double tolerance = std::max(options.tolerance, 8 * rounding);
  const double stalled = std::max(100 * tolerance, std::sqrt(rounding));
  Matrix<Scalar, n, n> derivative;
  std::array<Index, n> pivots;
  Unknown correction, before = y, by;
  double last = std::numeric_limits<double>::infinity(), shrunk = last;
  for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
    // Near the solution a derivative from a moment ago gives as many digits as are left.
    const bool near = last <= std::cbrt(tolerance) && shrunk <= 0.1;
    const bool renew = iteration == 0 || !(options.simplified || near);
    evaluate(y, correction, renew ? &derivative : nullptr);
    if (!all_finite(correction) || (renew && !all_finite(derivative))) {
      if (iteration == 0) return StepStatus::non_finite;
      for (int i = 0; i < n; ++i) y[i] = (y[i] + before[i]) / 2;
      continue;
    }
    if (renew) {
      weigh_equations(size, y, derivative, by);
      if (!factor_lu(n, derivative.data(), pivots.data())) return StepStatus::not_converged;
    }
    double miss = 0;
    for (int i = 0; i < n; ++i) {
      correction[i] *= by[i];
      miss = std::max(miss, static_cast<double>(std::abs(correction[i])));
    }
    before = y;
    solve_lu(n, derivative.data(), pivots.data(), correction.data());
    for (int i = 0; i < n; ++i) y[i] -= correction[i];
    if (!all_finite(y)) return StepStatus::non_finite;
    shrunk = miss / last;
    last = miss;
    // Where the residual's rounding is above the tolerance, it ends by no longer shrinking as it should.
    const bool slow = options.simplified ? shrunk >= 1 : renew && shrunk >= 0.5;
    if (miss <= tolerance || (slow && miss <= stalled)) return StepStatus::ok;
  }
  return StepStatus::not_converged;
}

}  // namespace metriplex
