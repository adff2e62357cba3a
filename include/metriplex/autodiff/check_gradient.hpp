#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Says how well a claimed gradient agrees with differences of the function.
struct GradientCheck {
  bool ok = true;
  double max_error = 0.0;  ///< largest |claimed − measured|, relative as `check_gradient` says
  Index where = 0;         ///< component of the largest error
  double claimed = 0.0;    ///< claimed derivative there
  double measured = 0.0;   ///< derivative there by differences
  std::string message;     ///< all of this in one line
};

/// Sets how `check_gradient` measures and judges.
struct GradientCheckOptions {
  double tolerance = 1e-6;  ///< largest error that passes; in float 1e-2 is a fair value
  double step =
      1e-2;  ///< largest step, in units of max(1, |x_i|), and of |x_i|; five halvings of it are used as well
};

/// Measures ∂f/∂x_i by central differences of several steps, extrapolated to step zero.
///
/// Math: Ridders 1982, "Accurate computation of F'(x) and F'(x)F''(x)": Richardson's tableau over halved
/// steps; the entry that changed least against its neighbours is the answer, so that neither truncation nor
/// rounding rules. A component below 1 may be one of order 1 near zero, or be of that size: both are tried.
template <class F, class Scalar, int N>
double measured_derivative(const F& f, Vector<Scalar, N>& x, Index i, double step) {
  constexpr std::size_t levels = 6;
  const Scalar center = x(i);
  const double size = std::abs(static_cast<double>(center));
  double best = std::numeric_limits<double>::quiet_NaN(),
         best_change = std::numeric_limits<double>::infinity();
  for (double h : {step * std::max(1.0, size), size > 0 && size < 1 ? step * size : 0.0}) {
    std::array<double, levels> row{};
    for (std::size_t level = 0; level < levels && h > 0; ++level, h /= 2) {
      // The points as they round, not as they were meant.
      const Scalar right = static_cast<Scalar>(center + h), left = static_cast<Scalar>(center - h);
      x(i) = right;
      const double f_right = static_cast<double>(f(x));
      x(i) = left;
      const double f_left = static_cast<double>(f(x));
      x(i) = center;
      std::array<double, levels> next{};
      next[0] = (f_right - f_left) / (static_cast<double>(right) - static_cast<double>(left));
      double factor = 1.0;
      for (std::size_t k = 1; k <= level; ++k) {
        factor *= 4.0;
        next[k] = next[k - 1] + (next[k - 1] - row[k - 1]) / (factor - 1.0);
        const double change = std::max(std::abs(next[k] - next[k - 1]), std::abs(next[k] - row[k - 1]));
        if (change < best_change) {
          best_change = change;
          best = next[k];
        }
      }
      row = next;
    }
  }
  return best;
}

/// Compares a claimed gradient of f at x with differences of f.
///
/// The error of component i is |claimed_i − measured_i| over the largest of |claimed_i|, |measured_i| and 1 %
/// of max_j |measured_j| (absolute where all of them are zero). A value that is not finite fails.
/// Shapes: x, claimed [n x 1], n at run time or compile time.
/// Cost: 12 or 24 n evaluations of f.
/// Errors: `Error` if x and claimed differ in size.
template <class F, class DerivedX, class DerivedG>
GradientCheck check_gradient(const F& f, const Eigen::MatrixBase<DerivedX>& x,
                             const Eigen::MatrixBase<DerivedG>& claimed,
                             const GradientCheckOptions& options = {}) {
  require(x.size() == claimed.size(), [&] {
    return "expected a gradient of " + std::to_string(x.size()) + " components, as x has, got " +
           std::to_string(claimed.size()) + " in check_gradient";
  });
  Vector<typename DerivedX::Scalar, DerivedX::RowsAtCompileTime> point = x;
  Vector<double> measured(x.size());
  for (Index i = 0; i < x.size(); ++i) measured(i) = measured_derivative(f, point, i, options.step);
  const double largest = x.size() > 0 ? measured.cwiseAbs().maxCoeff() : 0.0;

  GradientCheck check;
  for (Index i = 0; i < x.size(); ++i) {
    const double given = static_cast<double>(claimed(i));
    double scale = std::max({std::abs(given), std::abs(measured(i)), 0.01 * largest});
    if (scale == 0.0) scale = 1.0;
    double error = std::abs(given - measured(i)) / scale;
    if (!std::isfinite(error)) error = std::numeric_limits<double>::infinity();
    if (i == 0 || error > check.max_error) {
      check.max_error = error;
      check.where = i;
      check.claimed = given;
      check.measured = measured(i);
    }
  }
  check.ok = check.max_error <= options.tolerance;
  check.message = std::string(check.ok ? "gradient agrees" : "gradient is wrong") + ": largest error " +
                  number_text(check.max_error) + " (tolerance " + number_text(options.tolerance) +
                  ") in component " + std::to_string(check.where) + ", claimed " +
                  number_text(check.claimed) + ", measured " + number_text(check.measured);
  return check;
}

}  // namespace metriplex
