#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Sums up a nonlinear least-squares problem with a standard normal prior at one point, error by error.
///
/// Math: objective Σ ρ(r) + ‖u‖², ρ(r) = r² or, beyond `huber` > 0, huber (2|r| − huber) (Huber 1964); slope Jᵀ W r + u and
/// normal Jᵀ W J + I with weights W = 1 or huber/|r|: half the gradient, and Gauss and Newton's half Hessian.
/// Shapes: slope [n]; normal [n x n], its lower triangle.
template <int Size = Eigen::Dynamic>
struct LeastSquares {
  using Unknowns = Vector<double, Size>;

  double objective = 0;
  double square = 0;  ///< Σ of the errors' squares, outliers weighed down
  Unknowns slope;
  Matrix<double, Size, Size> normal;

  /// Starts with the prior alone, which counts `others` for the unknowns from `first` on.
  void start(const Unknowns& u, Index first, double others) {
    slope.setZero(u.size());
    normal.setZero(u.size(), u.size());
    objective = square = 0;
    for (Index k = 0; k < u.size(); ++k) {
      const double weight = k < first ? 1.0 : others;
      objective += weight * u[k] * u[k];
      slope[k] = weight * u[k];
      normal(k, k) = weight;
    }
  }

  /// Starts with the prior alone.
  void start(const Unknowns& u) { start(u, u.size(), 1); }

  /// Adds an error in units of its deviation, and its derivative.
  ///
  /// Shapes: row [n], or null for the objective alone.
  void add(double error, const double* row, double huber) {
    const double size = std::abs(error);
    const bool outlier = huber > 0 && size > huber;
    const double weight = outlier ? huber / size : 1.0;
    objective += outlier ? huber * (2 * size - huber) : error * error;
    square += weight * error * error;
    for (Index k = 0; row != nullptr && k < slope.size(); ++k) {
      if (row[k] == 0) continue;
      slope[k] += weight * row[k] * error;
      for (Index l = k; l < slope.size(); ++l) normal(l, k) += weight * row[l] * row[k];
    }
  }
};

/// Sets when Levenberg–Marquardt ends.
struct LevenbergMarquardtOptions {
  int iterations = 50;
  double tolerance = 1e-3;  ///< ends at steps so short, in standard deviations of what is sought
};

/// Minimises a sum of squares by damped Gauss–Newton steps. Allocates only for more unknowns than before, and nothing where
/// the compiler knows their number.
///
/// Math: (N + μ diag N) δ = −Jᵀr, N = JᵀJ + I (Marquardt 1963), μ by Nielsen's rule (Madsen, Nielsen & Tingleff 2004, "Methods for non-linear least squares
/// problems", 3.2). A step is as long as the root of what it promises to take from the objective.
template <int Size = Eigen::Dynamic>
class LevenbergMarquardt {
 public:
  using Sums = LeastSquares<Size>;
  using Unknowns = Vector<double, Size>;
  using Options = LevenbergMarquardtOptions;
  explicit LevenbergMarquardt(const Options& options = {}) : options_(options) {}

  /// Searches from u, which becomes the best found; tells whether it converged, to `coarse` times the tolerance.
  ///
  /// evaluate(u, sums) writes a `LeastSquares` with derivatives; an objective that is not finite is a step too far.
  template <class Evaluate>
  bool search(Unknowns& u, Evaluate&& evaluate, double coarse = 1) {
    start(u, evaluate, coarse);
    while (step(u, evaluate)) {
    }
    return converged_;
  }

  /// Begins a search that is to be taken step by step, with one evaluation.
  template <class Evaluate>
  void start(const Unknowns& u, Evaluate&& evaluate, double coarse = 1) {
    tolerance_ = coarse * options_.tolerance;
    evaluate(u, best_);
    damping_ = 1e-3;
    growth_ = 2.0;
    left_ = options_.iterations;
    converged_ = u.size() == 0;
  }

  /// Takes a step of a search that was begun, with up to one evaluation; returns whether it goes on.
  template <class Evaluate>
  bool step(Unknowns& u, Evaluate&& evaluate) {
    if (left_ == 0 || converged_ || !std::isfinite(best_.objective)) return false;
    const double promise = solve(u, damping_);
    if (!std::isfinite(promise)) return false;
    converged_ = promise <= tolerance_ * tolerance_;
    if (converged_) return false;  // not worth an evaluation
    --left_;
    ++iterations_;
    evaluate(std::as_const(trial_), next_);
    if (next_.objective <= best_.objective) {  // false for NaN
      const double gain = (best_.objective - next_.objective) / std::max(promise, 1e-300);
      u = trial_;
      std::swap(best_, next_);
      damping_ *= std::max(1.0 / 3.0, 1.0 - std::pow(2.0 * gain - 1.0, 3));
      growth_ = 2.0;
    } else {
      damping_ *= growth_;
      growth_ *= 2.0;
    }
    return true;
  }

  /// The sums at the best point found.
  const Sums& best() const { return best_; }
  /// Steps tried since `restart_count`.
  int iterations() const { return iterations_; }
  void restart_count() { iterations_ = 0; }

  /// Writes the inverse of the normal matrix at the best point, its first rows and columns.
  ///
  /// Shapes: covariance [m x m], m up to the number of unknowns.
  template <class Covariance>
  void covariance(Covariance& covariance) {
    const Index n = best_.slope.size(), m = covariance.rows();
    factor_ = best_.normal;
    const bool definite = factor_cholesky(n, factor_.data());
    for (Index j = 0; j < m; ++j) {
      step_.setZero(n);
      step_[j] = 1;
      if (definite) solve_cholesky(n, factor_.data(), step_.data());
      std::copy_n(step_.data(), m, column(covariance, j));
    }
  }

 private:
  /// Sets the trial point; returns what the quadratic model promises it to save, NaN where it has no solution.
  double solve(const Unknowns& u, double damping) {
    const Index n = u.size();
    factor_ = best_.normal;
    for (Index k = 0; k < n; ++k) factor_(k, k) *= 1 + damping;
    if (!factor_cholesky(n, factor_.data())) return std::nan("");
    step_ = best_.slope;
    solve_cholesky(n, factor_.data(), step_.data());
    trial_.resize(n);
    double promise = 0.0;
    for (Index k = 0; k < n; ++k) {
      trial_[k] = u[k] - step_[k];
      promise += step_[k] * (damping * best_.normal(k, k) * step_[k] + best_.slope[k]);
    }
    return promise;
  }

  Options options_;
  Sums best_, next_;
  Unknowns step_, trial_;
  Matrix<double, Size, Size> factor_;
  double tolerance_ = 0, damping_ = 0, growth_ = 0;
  int left_ = 0, iterations_ = 0;  // steps of the present search, and of all
  bool converged_ = false;
};

}  // namespace metriplex
