#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "metriplex/adapt/extrapolation.hpp"
#include "metriplex/adapt/latent_fit_options.hpp"
#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/adapt/least_squares.hpp"
#include "metriplex/adapt/rate_errors.hpp"
#include "metriplex/adapt/sharpen_prior.hpp"
#include "metriplex/adapt/state_errors.hpp"

namespace metriplex {

/// Identifies an unseen system from measurements by nonlinear least squares on its latent alone, in milliseconds.
///
/// Math: z = z₀ + L u, min over u of Σ ρ(e(z)/σ) + ‖u‖², L Lᵀ the covariance of the training latents, e the errors of
/// `RateErrors` or `StateErrors`, ρ Huber's function, by `LevenbergMarquardt` with exact derivatives. σ is the expected
/// noise, or what the fit leaves, if that is more. Then the prior is sharpened, twice: training systems count for
/// z₀ and L by how well they explain the measurements too (`SharpenPrior`): latents lie on a curved sheet of as many dimensions as
/// the family has parameters, and a normal distribution around those in question is nearly the sheet. The covariance of z is L (Σ J_uᵀ J_u/σ² + I)⁻¹ Lᵀ (Laplace's approximation).
/// Cost: some ten iterations, each a field and two for every component of z at every measurement; a first fit allocates.
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
        whole_(model),
        prior_(whole_),
        sharpen_(model),
        extrapolation_(model),
        rates_(model),
        motions_(model),
        search_({.iterations = options.iterations, .tolerance = options.tolerance}),
        z_(model.mean_latent()),
        covariance_(model.latent(), model.latent()) {
    options.validate();
  }

  /// Fits pairs of states and rates, from one up.
  ///
  /// Shapes: x, dx [dim x shots].
  /// Errors: as `require_measurements`; a model whose field is not finite at the measurements.
  template <class X, class DX>
  FitStatus fit(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx) {
    rates_.measure(x, dx);
    return run(rates_, false);
  }

  /// Fits pairs that count by weights, as if an error's deviation were σ/√weight: those of 0 are missing.
  ///
  /// Shapes: x, dx, weights [dim x shots].
  /// Errors: as `require_weighted_measurements`, and as above.
  template <class X, class DX, class W>
  FitStatus fit(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx,
                const Eigen::MatrixBase<W>& weights) {
    rates_.measure(x, dx, &weights.derived());
    return run(rates_, false);
  }

  /// Fits motions of which the states alone were measured.
  ///
  /// Starts from the rates that neighbouring samples differ by.
  /// Errors: as `StateErrors::measure`; a model whose field is not finite there.
  FitStatus fit(std::span<const Motion<dim>> motions) {
    motions_.measure(motions, options_);
    if (!motions_.differences(x_, dx_)) return run(motions_, false);
    rates_.measure(x_, dx_);
    run(rates_, false);
    const int before = iterations_;
    const FitStatus status = run(motions_, true);
    iterations_ += before;
    return status;
  }
  FitStatus fit(const Motion<dim>& motion) { return fit(std::span<const Motion<dim>>(&motion, 1)); }

  const typename Model::Latent& z() const { return z_; }
  /// The posterior's covariance of z, [latent x latent].
  const Matrix<double>& covariance() const { return covariance_; }
  /// Relative mean squared error at the measurements, weighed.
  double loss() const { return square_; }
  /// Deviation of an error that the covariance supposes, relative like `Options::noise`.
  double noise() const { return std::sqrt(sigma_square_); }
  /// Steps tried, over all starts.
  int iterations() const { return iterations_; }

 private:
  /// Fits, from the mean latent or, if `started`, from z_.
  template <class Errors>
  FitStatus run(Errors& errors, bool started) {
    const Index n = model_.latent();
    constexpr double coarse = 10;  // until the prior is the last one
    prior_ = whole_;
    expect(errors, options_.noise * options_.noise);
    u_.setZero(n + errors.extras());
    if (started) prior_.whiten(z_.data(), u_.data());
    errors.start(u_.data() + n);
    search_.restart_count();
    errors.use_few(true);
    bool converged = search(errors, coarse);
    require(std::isfinite(objective_),
            "adaptation expects a model whose field is finite at the measurements; got NaN or Inf");
    if (poor(errors)) converged = restart(errors);
    const double noise = std::max(options_.noise * options_.noise, square_);
    const Index least = std::max(options_.neighbours, 2 * n + 2);
    if (options_.neighbours > 0 && model_.latents().cols() > least && n > 0) {
      for (const double tolerance : {coarse, 1.0}) {
        move_to(u_);
        search_.covariance(covariance_);
        sharpen_(prior_, u_, covariance_, static_cast<double>(least));
        prior_.whiten(z_.data(), u_.data());
        errors.use_few(tolerance > 1);
        expect(errors, noise);
        converged = search(errors, tolerance);
      }
    } else {
      errors.use_few(false);
      expect(errors, noise);
      converged = search(errors, 1);
    }
    if (square_ > noise) {  // all together leave more than the few did
      expect(errors, square_);
      converged = search(errors, 1);
    }
    iterations_ = search_.iterations();
    search_.covariance(covariance_);
    const bool outside = extrapolation_(prior_, u_, covariance_);
    prior_.spread_covariance(covariance_);
    if (poor(errors)) return FitStatus::poor;  // and moves to u_
    return !converged ? FitStatus::stopped : outside ? FitStatus::outside : FitStatus::converged;
  }

  /// Whether some component is left with much more than noise and the model's own error together.
  template <class Errors>
  bool poor(Errors& errors) {
    double left[dim] = {}, terms[dim] = {};
    const double outlier = options_.huber > 0 ? options_.huber * std::sqrt(sigma_square_) : HUGE_VAL;
    move_to(u_);
    errors(z_, u_.data() + model_.latent(), false, [&](double error, double*, int i) {
      const double size = std::abs(error);
      left[i] += std::min(size, outlier) * size;
      terms[i] += 1;
    });
    for (int i = 0; i < dim; ++i) {
      const double own = errors.model_error(i, options_.model_error);
      const double expected = options_.noise * options_.noise + own * own;
      if (!(left[i] <= options_.poor * options_.poor * expected * terms[i])) return true;
    }
    return false;
  }

  /// Sets the deviation that errors are counted in: with every measurement more, less is expected of each, since the model's own
  /// error is much the same at all of them.
  template <class Errors>
  void expect(const Errors& errors, double noise_square) {
    constexpr double different = 10;  // states at which the model errs differently
    const double shots = static_cast<double>(errors.terms()) / dim;
    sigma_square_ = noise_square + options_.model_error * options_.model_error * shots / different;
  }

  /// Writes z_.
  void move_to(const Vector<double>& u) { prior_.latent_of(u.data(), z_); }

  /// Sums up the errors at u.
  template <class Errors>
  void evaluate(Errors& errors, const Vector<double>& u, bool derivative, LeastSquares<>& sums) {
    const Index n = model_.latent();
    move_to(u);
    sums.start(u, n, 0.01);  // initial states, in spreads of training: they may lie ten away
    const double scale = 1 / std::sqrt(sigma_square_);
    errors(z_, u.data() + n, derivative, [&](double error, double* row, int) {
      if (row != nullptr) {
        for (Index k = 0; k < u.size(); ++k) row[k] *= scale;
        prior_.pull_back(row);
      }
      sums.add(scale * error, row, options_.huber);
    });
  }

  /// Searches from u_, which becomes the best found; sets objective_ and square_.
  template <class Errors>
  bool search(Errors& errors, double coarse) {
    const bool converged = search_.search(
        u_, [&](const Vector<double>& u, LeastSquares<>& sums) { evaluate(errors, u, true, sums); }, coarse);
    objective_ = search_.best().objective;
    square_ = search_.best().square * sigma_square_ / static_cast<double>(errors.terms());
    return converged;
  }

  /// Searches again from the training latents that fit best, and keeps the best of all.
  template <class Errors>
  bool restart(Errors& errors) {
    best_ = u_;
    double least = objective_;
    const auto begin = [&](Index j) {
      prior_.whiten(column(model_.latents(), j), u_.data());
      errors.start(u_.data() + model_.latent());
    };
    candidates_.clear();
    for (Index j = 0; j < model_.latents().cols(); ++j) {
      begin(j);
      evaluate(errors, u_, false, candidate_);
      candidates_.push_back({candidate_.objective, j});
    }
    const auto tries = std::min<std::size_t>(candidates_.size(), static_cast<std::size_t>(options_.restarts));
    std::partial_sort(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(tries),
                      candidates_.end());
    for (std::size_t k = 0; k < tries; ++k) {
      begin(candidates_[k].second);
      search(errors, 1);
      if (!(objective_ < least)) continue;
      best_ = u_;
      least = objective_;
    }
    u_ = best_;
    return search(errors, 1);
  }

  Options options_;
  const Model& model_;
  LatentPrior<Model> whole_, prior_;  // of all training latents; in use
  SharpenPrior<Model> sharpen_;
  Extrapolation<Model> extrapolation_;
  RateErrors<Model> rates_;
  StateErrors<Model> motions_;
  LevenbergMarquardt<> search_;
  typename Model::Latent z_;
  Vector<double> u_, best_;
  LeastSquares<> candidate_;
  Matrix<double> covariance_;
  Matrix<double, dim> x_, dx_;
  std::vector<std::pair<double, Index>> candidates_;
  double sigma_square_ = 1.0, objective_ = 0.0, square_ = 0.0;
  int iterations_ = 0;
};

}  // namespace metriplex
