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
  double tolerance = 1e-12;  ///< ends at ‖correction‖ ≤ tolerance · size; never below 8 units of rounding
  int max_iterations = 20;  ///< then the step is `not_converged`
  bool simplified = false;  ///< keep the first iteration's Jacobian for all: more iterations, each cheaper
};

/// Solves residual(y) = 0 by Newton's method from the y that is given, which becomes the solution.
///
/// evaluate(y, residual, derivative) writes the residual, and its derivative unless null. A correction to where these
/// are not finite, beyond a wall or a logarithm's end, is halved until they are; each halving is an iteration.
/// Math: derivative δ = −residual, y ← y + δ, until ‖δ‖ ≤ tolerance · size (Deuflhard 2011, "Newton methods for
/// nonlinear problems", 2.1.1), or until small corrections no longer shrink (Hairer, McLachlan, Razakarivony 2008,
/// "Achieving Brouwer's law with implicit Runge–Kutta methods", BIT 48, 3).
/// Shapes: y, residual [n], derivative [n x n]; size: the unknowns' scale.
template <class Unknown, class Evaluate>
[[nodiscard]] StepStatus solve_newton(const NewtonOptions& options, double size, Unknown& y,
                                      Evaluate&& evaluate) {
  using Scalar = typename Unknown::Scalar;
  constexpr int n = Unknown::RowsAtCompileTime;
  const double tolerance =
      size * std::max(options.tolerance, 8.0 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()));
  Matrix<Scalar, n, n> derivative;
  std::array<Index, n> pivots;
  Unknown correction, before = y;
  double last = std::numeric_limits<double>::infinity();
  for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
    const bool renew = iteration == 0 || !options.simplified;
    evaluate(y, correction, renew ? &derivative : nullptr);
    if (!all_finite(correction) || (renew && !all_finite(derivative))) {
      if (iteration == 0) return StepStatus::non_finite;
      for (int i = 0; i < n; ++i) y[i] = (y[i] + before[i]) / 2;
      continue;
    }
    if (renew && !factor_lu(n, derivative.data(), pivots.data())) return StepStatus::not_converged;
    before = y;
    solve_lu(n, derivative.data(), pivots.data(), correction.data());
    for (int i = 0; i < n; ++i) y[i] -= correction[i];
    if (!all_finite(y)) return StepStatus::non_finite;
    const double length = std::sqrt(static_cast<double>(squared_norm(correction)));
    // Where the residual's rounding is above the tolerance, corrections end by no longer shrinking as they should.
    const double slow = options.simplified ? 1.0 : 0.5;
    if (length <= tolerance || (length >= slow * last && length <= 100 * tolerance)) return StepStatus::ok;
    last = length;
  }
  return StepStatus::not_converged;
}

}  // namespace metriplex
