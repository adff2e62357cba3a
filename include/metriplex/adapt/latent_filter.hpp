#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/linear_algebra.hpp"

namespace metriplex {

/// Sets how a `LatentFilter` learns and forgets.
struct LatentFilterOptions {
  double memory = 1;   ///< what earlier measurements count after one more: 1 for systems that do not change
  int iterations = 3;  ///< linearisations a measurement, at most; 1 is the extended Kalman filter
};

/// Says how far a measurement was from what had been expected of it.
struct Innovation {
  double square =
      0;            ///< chi-square with `terms` degrees of freedom if the model and the noise are as assumed
  Index terms = 0;  ///< 0: nothing was measured, or what came is not finite and was refused
  double weight = 0;  ///< what the measurement counted: 1, less for an outlier, 0 where there are no terms
};

/// Estimates an unknown u, normally distributed with mean 0 and covariance I before anything is measured, from one
/// measurement after another.
///
/// Math: after measurement t, the minimum over u of Σₛ λᵗ⁻ˢ ‖rₛ(u)‖² + ‖u‖², λ the memory, each r linearised when it comes: the
/// square-root information filter (Bierman 1977, "Factorization methods for discrete sequential estimation", V), iterated
/// (Bell & Cathey 1993, "The iterated Kalman filter update as a Gauss–Newton method", IEEE TAC 38). The information Λ = L Lᵀ is
/// kept by its factor, to which rotations add rows. So Λ >= I: data that say nothing leave the prior, and what is forgotten
/// returns to it. What the rotations leave of r, squared, is its
/// innovation rᵀ(I + J Λ⁻¹ Jᵀ)⁻¹ r, by the last linearisation.
/// Outliers, whose innovation is above a bound, are linearised where u was before, and count by Huber's weight
/// √(bound/innovation): whatever their size, u moves as far as one at the bound would move it (Huber 1964; Karlgaard & Schaub
/// 2007, "Huber-based divided difference filtering", J. Guidance 30).
/// Not: for derivatives beyond 1e11 deviations of the noise for one of u, whose rounding would pass for knowledge.
/// Cost: O(rows · size²) an iteration, and O(size³) once where memory < 1. After the construction nothing is allocated, and
/// nothing at all where both sizes are known to the compiler.
template <int Size = Eigen::Dynamic, int MostRows = Eigen::Dynamic>
class LatentFilter {
 public:
  using Options = LatentFilterOptions;
  using Unknown = Vector<double, Size>;
  using Square = Matrix<double, Size, Size>;
  using Residual = Vector<double, MostRows>;
  using Jacobian = Matrix<double, MostRows, Size>;

  /// Prepares for u [size] and measurements of up to `most_rows` numbers each.
  ///
  /// Errors: options out of range.
  LatentFilter(Index size, Index most_rows, const Options& options = {}) : options_(options) {
    residual_.resize(most_rows);
    jacobian_.resize(most_rows, size);
    require(options.memory > 0 && options.memory <= 1 && options.iterations >= 1,
            {"LatentFilter needs 0 < memory <= 1 and iterations >= 1; got ", options.memory, " and ",
             options.iterations});
    for (Unknown* v : {&u_, &trial_, &best_, &row_, &right_, &faded_right_}) v->setZero(size);
    for (Square* m : {&factor_, &faded_, &trial_factor_}) m->setIdentity(size, size);
  }

  /// Forgets all that was measured.
  void reset() noexcept {
    u_.setZero();
    factor_.setIdentity();
  }

  /// Starts again from what is known otherwise: u [size], and the information's factor, lower triangular [size x size].
  ///
  /// Not: with less information than the prior's.
  void restart(const Unknown& u, const Square& factor) {
    u_ = u;
    factor_ = factor;
  }

  /// The most probable u, [size].
  const Unknown& u() const { return u_; }

  /// Writes the covariance of u, [size x size].
  template <class Covariance>
  void covariance(Covariance& covariance) const {
    const Index n = u_.size();
    covariance.setIdentity(n, n);
    for (Index j = 0; j < n; ++j) solve_cholesky(n, factor_.data(), column(covariance, j));
  }

  /// Takes one measurement of `rows` numbers.
  ///
  /// linearize(u, residual, jacobian) writes, in units of the noise's deviation, what the model gives at u less what was
  /// measured, and its derivative; what was not measured has no row. Where these are not finite, or worse than before, the
  /// step to there is halved; if they are not finite at once, the measurement is refused and nothing changes. It is an
  /// outlier where the square of its innovation is above `bound`; then it is linearised once more.
  /// Shapes: residual [rows] and jacobian [rows x size] at the top of vectors and matrices of `most_rows`.
  /// Errors: more rows than it was built for.
  template <class Linearize>
  Innovation update(Index rows, Linearize&& linearize,
                    double bound = std::numeric_limits<double>::infinity()) {
    require(rows >= 0 && rows <= residual_.size(),
            {"LatentFilter expects up to ", residual_.size(), " numbers a measurement; got ", rows});
    Innovation innovation;
    if (rows == 0) return innovation;
    fade();
    trial_ = u_;
    bool improved = false;
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (int i = 0; i < options_.iterations; ++i) {
      linearize(std::as_const(trial_), residual_, jacobian_);
      const double objective = misfit(rows);
      improved = objective < least;
      if (!improved) {  // or NaN
        if (i == 0) return innovation;
        for (Index k = 0; k < u_.size(); ++k) trial_[k] = (trial_[k] + best_[k]) / 2;
        continue;
      }
      least = objective;
      best_ = trial_;
      innovation = {absorb(rows), rows, 1};
      most = std::max(most, innovation.square);
      if (move() <= 1e-2) break;
    }
    if (innovation.square > bound) {
      innovation.weight = std::sqrt(bound / most);
      trial_ = u_;
      linearize(std::as_const(trial_), residual_, jacobian_);
      absorb(rows, std::sqrt(innovation.weight));
      move();
      improved = true;
    }
    factor_ = trial_factor_;
    u_ = improved ? trial_ : best_;
    return innovation;
  }

 private:
  /// Rotates a row of equations, row · δ = b, into Lᵀ δ = right; returns what is left of b.
  double rotate(Square& factor, Unknown& right, double b) noexcept {
    const Index n = row_.size();
    for (Index k = 0; k < n; ++k) {
      if (row_[k] == 0) continue;
      const double length = std::hypot(factor(k, k), row_[k]);
      const double c = factor(k, k) / length, s = row_[k] / length;
      const auto turn = [&](double& x, double& y) {
        const double old = x;
        x = c * old + s * y;
        y = c * y - s * old;
      };
      for (Index j = k; j < n; ++j) turn(factor(j, k), row_[j]);
      turn(right[k], b);
    }
    return b;
  }

  /// Lets earlier measurements count less, which the prior does not: Λ ← λ Λ + (1 − λ) I, and u moves towards 0.
  void fade() noexcept {
    faded_ = factor_;
    faded_right_.setZero();
    if (options_.memory == 1) return;
    faded_ *= std::sqrt(options_.memory);
    const double weight = std::sqrt(1 - options_.memory);
    for (Index k = 0; k < u_.size(); ++k) {
      row_.setZero();
      row_[k] = weight;
      rotate(faded_, faded_right_, -weight * u_[k]);
    }
  }

  /// ‖r‖² and what is known already, at the trial; NaN where the derivative is not finite.
  double misfit(Index rows) const noexcept {
    const Index n = u_.size();
    double total = squared_norm(residual_.data(), rows);
    for (Index k = 0; k < n; ++k) {
      if (!all_finite(column(jacobian_, k), rows)) return std::numeric_limits<double>::quiet_NaN();
      double known = -faded_right_[k];
      for (Index j = k; j < n; ++j) known += faded_(j, k) * (trial_[j] - u_[j]);
      total += known * known;
    }
    return total;
  }

  /// Adds the measurement times `scale`, linearised at the trial, to what is known; returns the squares of what is left of it.
  double absorb(Index rows, double scale = 1) noexcept {
    trial_factor_ = faded_;
    right_ = faded_right_;
    double left = 0;
    for (Index i = 0; i < rows; ++i) {
      double b = -scale * residual_[i];
      for (Index k = 0; k < row_.size(); ++k) {
        row_[k] = scale * jacobian_(i, k);
        b += row_[k] * (trial_[k] - u_[k]);
      }
      b = rotate(trial_factor_, right_, b);
      left += b * b;
    }
    return left;
  }

  /// Moves the trial to the solution; returns how far, in deviations of what is left open.
  double move() noexcept {
    const Index n = u_.size();
    solve_transposed(n, trial_factor_.data(), right_.data());
    for (Index k = 0; k < n; ++k) trial_[k] = u_[k] + right_[k];
    double square = 0;
    for (Index k = 0; k < n; ++k) {
      double moved = 0;
      for (Index j = k; j < n; ++j) moved += trial_factor_(j, k) * (trial_[j] - best_[j]);
      square += moved * moved;
    }
    return std::sqrt(square);
  }

  Options options_;
  Residual residual_;
  Jacobian jacobian_;
  Unknown u_, trial_, best_, row_, right_, faded_right_;
  Square factor_;                // L, of what is known
  Square faded_, trial_factor_;  // before and after the present measurement
};

}  // namespace metriplex
