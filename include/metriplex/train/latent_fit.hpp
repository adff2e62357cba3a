#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/model/latent_jacobian.hpp"
#include "metriplex/train/latent_prior.hpp"
#include "metriplex/train/measurements.hpp"

namespace metriplex {

/// Sets how `LatentFit` searches.
struct LatentFitOptions {
  double noise = 5e-3;  ///< least error of the field that is expected, relative to its root mean square
  int iterations = 50;  ///< at most, from each start
  int restarts = 3;  ///< from the training latents that fit best, where the mean latent leads to a poor fit
  double poor = 5;   ///< a fit is poor if it leaves more than so many times the noise
  double huber = 0;  ///< errors beyond so many deviations count linearly: outliers; 0: all count squared
  double tolerance = 1e-6;  ///< ends at steps so short, in units of the latents' spread
};

/// Identifies an unseen system from measurements by nonlinear least squares on its latent alone, in milliseconds.
///
/// Math: z = z₀ + L u, min over u of Σ ρ((f(x; z) − ẋ)/σ) + ‖u‖², components weighed as the scaling says, L Lᵀ the covariance of the
/// training latents, ρ Huber's function; Levenberg–Marquardt with exact derivatives (Madsen, Nielsen & Tingleff 2004,
/// "Methods for non-linear least squares problems", 3.2). σ is the expected noise, or what the fit leaves, if that is
/// more: then the fit is repeated once with it. The covariance is L (Σ J_uᵀJ_u/σ² + I)⁻¹ Lᵀ.
/// Cost: five to fifteen iterations, each a field and two for every component of z at every measurement. After a
/// first fit of as many measurements nothing is allocated.
template <class ModelType>
class LatentFit {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension;

 public:
  using Model = ModelType;
  using Options = LatentFitOptions;

  /// Prepares fits of a model that outlives it.
  ///
  /// Errors: options out of range.
  explicit LatentFit(const Model& model, const Options& options = {})
      : options_(options),
        model_(model),
        prior_(model),
        jacobian_(model),
        z_(model.mean_latent()),
        covariance_(model.latent(), model.latent()) {
    require(std::isfinite(options.noise) && options.noise > 0 && options.iterations >= 0 &&
                options.restarts >= 0 && options.poor > 0 && options.huber >= 0 && options.tolerance > 0,
            "LatentFit needs a positive noise, poor and tolerance, and iterations, restarts and huber >= 0");
    const Index n = model.latent();
    for (Vector<double>* v : {&u_, &best_, &step_, &slope_, &trial_}) v->setZero(n);
    normal_.resize(n, n);
    factor_.resize(n, n);
  }

  /// Fits pairs of states and rates; returns whether the search converged.
  ///
  /// Shapes: x, dx [dim x shots], from 1 shot up.
  /// Errors: as `require_measurements`; a model whose field is not finite at the measurements.
  template <class X, class DX>
  bool fit(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx) {
    take(x, dx);
    sigma_square_ = options_.noise * options_.noise * reference_;
    u_.setZero();
    bool converged = search();
    require(std::isfinite(objective_),
            "LatentFit expects a model whose field is finite at the measurements; got NaN or Inf");
    if (square_ > options_.poor * options_.poor * sigma_square_) converged = restart(converged);
    if (square_ > sigma_square_) {  // the model, or the measurements, are worse than expected
      sigma_square_ = square_;
      converged = search();
    }
    finish();
    return converged;
  }

  const Vector<Scalar>& z() const { return z_; }
  /// The posterior's covariance of z, [latent x latent].
  const Matrix<double>& covariance() const { return covariance_; }
  /// Relative mean squared error of the field at the measurements, its components weighed.
  double loss() const { return square_ / reference_; }
  /// Steps tried, over all starts.
  int iterations() const { return iterations_; }

 private:
  /// Copies measurements to where they stay.
  template <class X, class DX>
  void take(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx) {
    require_measurements<dim>(x, dx, "LatentFit");
    shots_ = x.cols();
    if (shots_ > x_.cols()) {
      x_.resize(dim, shots_);
      dx_.resize(dim, shots_);
      f_.resize(dim * shots_);
      J_.resize(dim * shots_, model_.latent());
    }
    Matrix<Scalar, dim>* const to[] = {&x_, &dx_};
    for (Index p = 0; p < shots_; ++p)
      for (int i = 0; i < dim; ++i) {
        (*to[0])(i, p) = static_cast<Scalar>(x(i, p));
        (*to[1])(i, p) = static_cast<Scalar>(dx(i, p));
      }
    reference_ = reference_square(model_.scaling(), dx_.leftCols(shots_));
    iterations_ = 0;
  }

  /// Evaluates the objective at u, and with `derivative` the normal equations.
  ///
  /// Math: Σ ρ + ‖u‖²; slope = J_uᵀ w r/σ² + u, normal = J_uᵀ w J_u/σ² + I, J_u = J L, w = 1 or huber/|r/σ|.
  double evaluate(const Vector<double>& u, bool derivative) {
    const Index n = model_.latent();
    prior_.latent_of(u, z_);
    jacobian_.move_to(z_);
    jacobian_(x_, 0, shots_, f_.data(), derivative ? J_.data() : nullptr, J_.rows());
    double total = 0.0;
    square_ = 0.0;
    if (derivative) {
      slope_ = u;
      normal_.setIdentity();
    }
    for (Index k = 0; k < n; ++k) total += u[k] * u[k];
    const auto terms = static_cast<double>(dim * shots_);
    for (Index p = 0; p < shots_; ++p)
      for (int i = 0; i < dim; ++i) {
        const Index row = p * dim + i;
        const auto weight = static_cast<double>(model_.scaling().rate_weight[i]);
        const double error = static_cast<double>(f_[row]) - static_cast<double>(dx_(i, p));
        const double square = weight * error * error / sigma_square_, size = std::sqrt(square);
        const bool outlier = options_.huber > 0 && size > options_.huber;
        const double counts = outlier ? options_.huber / size : 1.0;
        total += outlier ? options_.huber * (2 * size - options_.huber) : square;
        square_ += counts * square * sigma_square_ / terms;
        if (!derivative) continue;
        const double factor = counts * weight / sigma_square_;
        prior_.pull_back([&](Index k) { return static_cast<double>(J_(row, k)); }, trial_);
        for (Index k = 0; k < n; ++k) {
          slope_[k] += factor * error * trial_[k];
          for (Index l = 0; l < n; ++l) normal_(l, k) += factor * trial_[l] * trial_[k];
        }
      }
    return total;
  }

  /// Searches from u_, which becomes the best found; sets objective_ and square_.
  bool search() {
    const Index n = model_.latent();
    objective_ = evaluate(u_, true);
    double damping = 0.0, growth = 2.0;
    for (Index k = 0; k < n; ++k) damping = std::max(damping, 1e-3 * normal_(k, k));
    bool converged = n == 0 || Model::code_size == 0;
    double kept = square_;
    for (int i = 0; i < options_.iterations && !converged && std::isfinite(objective_); ++i, ++iterations_) {
      factor_ = normal_;
      for (Index k = 0; k < n; ++k) factor_(k, k) += damping;
      if (!factor_cholesky(n, factor_.data())) break;
      step_ = slope_;
      solve_cholesky(n, factor_.data(), step_.data());
      double predicted = 0.0;
      for (Index k = 0; k < n; ++k) {
        best_[k] = u_[k] - step_[k];
        predicted += step_[k] * (damping * step_[k] + slope_[k]);
      }
      converged = std::sqrt(squared_norm(step_)) <= options_.tolerance;
      const double next = evaluate(best_, false);
      const double gain = (objective_ - next) / predicted;
      if (next <= objective_) {  // false for NaN
        u_ = best_;
        objective_ = next;
        kept = square_;
        evaluate(u_, true);
        damping *= std::max(1.0 / 3.0, 1.0 - std::pow(2.0 * gain - 1.0, 3));
        growth = 2.0;
      } else {
        damping *= growth;
        growth *= 2.0;
      }
    }
    square_ = kept;
    return converged;
  }

  /// Searches again from the training latents that fit best, and keeps the best of all.
  bool restart(bool converged) {
    struct Found {
      double objective, square;
    } found{objective_, square_};
    start_ = u_;
    candidates_.clear();
    for (Index j = 0; j < model_.latents().cols(); ++j) {
      prior_.whiten(column(model_.latents(), j), u_);
      candidates_.push_back({evaluate(u_, false), j});
    }
    const auto tries = std::min<std::size_t>(candidates_.size(), static_cast<std::size_t>(options_.restarts));
    std::partial_sort(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(tries),
                      candidates_.end());
    for (std::size_t k = 0; k < tries; ++k) {
      prior_.whiten(column(model_.latents(), candidates_[k].second), u_);
      const bool ended = search();
      if (!(objective_ < found.objective)) continue;
      found = {objective_, square_};
      start_ = u_;
      converged = ended;
    }
    u_ = start_;
    objective_ = found.objective;
    square_ = found.square;
    return converged;
  }

  /// Writes z and its covariance at the best u.
  void finish() {
    const Index n = model_.latent();
    const double square = square_;
    evaluate(u_, true);  // leaves z_ at u_
    square_ = square;
    factor_ = normal_;
    if (!factor_cholesky(n, factor_.data())) factor_.setIdentity();  // never: the prior adds the identity
    for (Index j = 0; j < n; ++j) {
      step_.setZero();
      step_[j] = 1.0;
      solve_cholesky(n, factor_.data(), step_.data());
      std::copy_n(step_.data(), n, column(covariance_, j));
    }
    prior_.spread_covariance(covariance_);
  }

  Options options_;
  const Model& model_;
  LatentPrior<Model> prior_;
  LatentJacobian<Model> jacobian_;
  Matrix<Scalar, dim> x_, dx_;
  Vector<Scalar> f_, z_;
  Matrix<Scalar> J_;
  Index shots_ = 0;
  double reference_ = 1.0, sigma_square_ = 1.0;  // of the measurements; of the noise
  double objective_ = 0.0, square_ = 0.0;        // at u_; the mean square of errors
  int iterations_ = 0;
  Vector<double> u_, best_, start_, step_, slope_, trial_;
  Matrix<double> normal_, factor_, covariance_;
  std::vector<std::pair<double, Index>> candidates_;
};

}  // namespace metriplex
