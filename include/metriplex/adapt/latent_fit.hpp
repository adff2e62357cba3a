#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/adapt/least_squares.hpp"
#include "metriplex/adapt/rate_errors.hpp"
#include "metriplex/adapt/state_errors.hpp"

namespace metriplex {

/// Sets how `LatentFit` searches.
struct LatentFitOptions {
  /// Least error that is expected of what was measured and of the model together: of rates relative to their root mean square, of states
  /// to their spread in training.
  double noise = 5e-3;
  int iterations = 50;  ///< at most, from each start
  int restarts = 3;  ///< from the training latents that fit best, where the mean latent leads to a poor fit
  double poor = 5;   ///< a fit is poor if it leaves more than so many times the noise
  double huber = 0;  ///< errors beyond so many deviations count linearly: outliers; 0: all count squared
  double tolerance = 1e-3;  ///< ends at steps so short, in deviations of what is sought
  Index piece = 20;         ///< longer motions are cut, each piece with an initial state of its own
};

/// Says how a fit ended.
enum class FitStatus {
  converged,
  stopped,  ///< after all iterations, before it converged
  poor      ///< converged or not, it leaves much more than the noise: another family, or much noise
};

/// Returns a line that says what a status means.
constexpr std::string_view describe(FitStatus status) {
  switch (status) {
    case FitStatus::converged:
      return "the fit converged";
    case FitStatus::stopped:
      return "the fit used all its iterations before it converged";
    case FitStatus::poor:
      break;
  }
  return "the fit is poor: no member of the family explains the measurements to the expected noise";
}

/// Identifies an unseen system from measurements by nonlinear least squares on its latent alone, in milliseconds.
///
/// Math: z = z₀ + L u, min over u of Σ ρ(e(z)/σ) + ‖u‖², L Lᵀ the covariance of the training latents, e the errors of
/// `RateErrors` or `StateErrors`, ρ Huber's function, by `LevenbergMarquardt` with exact derivatives. σ is the expected
/// noise, or what the fit leaves, if that is more: then the fit is repeated once with it. The covariance of z is
/// L (Σ J_uᵀ J_u/σ² + I)⁻¹ Lᵀ (Laplace's approximation).
/// Cost: some ten iterations, each a field and two for every component of z at every measurement. After a first fit of as
/// many measurements nothing is allocated.
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
        rates_(model),
        motions_(model),
        search_({.iterations = options.iterations, .tolerance = options.tolerance}),
        z_(model.mean_latent()),
        whitened_(Vector<double>::Zero(model.latent())),
        covariance_(model.latent(), model.latent()) {
    require(std::isfinite(options.noise) && options.noise > 0 && options.iterations >= 0 &&
                options.restarts >= 0 && options.poor > 0 && options.huber >= 0 && options.tolerance > 0 &&
                options.piece >= 2,
            "LatentFit needs a positive noise, poor and tolerance, iterations, restarts and huber >= 0, and "
            "pieces of 2 samples or more");
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

  /// Fits pairs that count by weights: those of 0 are missing.
  ///
  /// Math: an error's deviation is σ/√weight.
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
  /// Errors: as `Trajectory::check`; a model whose field is not finite there.
  FitStatus fit(std::span<const Trajectory<dim>> motions) {
    motions_.measure(motions, options_.piece);
    const bool started = difference(motions);
    if (started) run(rates_, false);
    const int before = started ? iterations() : 0;
    const FitStatus status = run(motions_, started);
    iterations_ += before;
    return status;
  }
  FitStatus fit(const Trajectory<dim>& motion) { return fit(std::span<const Trajectory<dim>>(&motion, 1)); }

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
  template <class Errors>
  FitStatus run(Errors& errors, bool started) {
    const Index n = model_.latent(), size = n + errors.extras();
    if (!started) whitened_.setZero();
    sigma_square_ = options_.noise * options_.noise;
    u_.setZero(size);
    std::copy_n(whitened_.data(), n, u_.data());
    errors.start(u_.data() + n);
    search_.restart_count();
    bool converged = search(errors);
    require(std::isfinite(objective_),
            "adaptation expects a model whose field is finite at the measurements; got NaN or Inf");
    if (square_ > options_.poor * options_.poor * sigma_square_) converged = restart(errors, converged);
    const bool poor = square_ > options_.poor * options_.poor * sigma_square_;
    if (square_ > sigma_square_) {  // the model, or the measurements, are worse than expected
      sigma_square_ = square_;
      converged = search(errors);
    } else if (restarted_) {
      converged = search(errors);  // for the derivatives at the best
    }
    iterations_ = search_.iterations();
    std::copy_n(u_.data(), n, whitened_.data());
    prior_.latent_of(whitened_.data(), z_);
    search_.covariance(covariance_);
    prior_.spread_covariance(covariance_);
    return poor ? FitStatus::poor : converged ? FitStatus::converged : FitStatus::stopped;
  }

  /// Sums up the errors at u.
  template <class Errors>
  void evaluate(Errors& errors, const Vector<double>& u, bool derivative, LeastSquares& sums) {
    const Index n = model_.latent();
    std::copy_n(u.data(), n, whitened_.data());
    prior_.latent_of(whitened_.data(), z_);
    sums.start(u, n);
    const double scale = 1 / std::sqrt(sigma_square_);
    errors(z_, u.data() + n, derivative, [&](double error, double* row) {
      if (row != nullptr) {
        for (Index k = 0; k < u.size(); ++k) row[k] *= scale;
        prior_.pull_back(row);
      }
      sums.add(scale * error, row, options_.huber);
    });
  }

  /// Searches from u_, which becomes the best found; sets objective_ and square_.
  template <class Errors>
  bool search(Errors& errors) {
    const bool converged = search_.search(
        u_, [&](const Vector<double>& u, LeastSquares& sums) { evaluate(errors, u, true, sums); });
    objective_ = search_.best().objective;
    square_ = search_.best().square * sigma_square_ / static_cast<double>(errors.terms());
    restarted_ = false;
    return converged;
  }

  /// Searches again from the training latents that fit best, and keeps the best of all.
  template <class Errors>
  bool restart(Errors& errors, bool converged) {
    best_ = u_;
    double least = objective_, square = square_;
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
      const bool ended = search(errors);
      if (!(objective_ < least)) continue;
      best_ = u_;
      least = objective_;
      square = square_;
      converged = ended;
    }
    u_ = best_;
    objective_ = least;
    square_ = square;
    restarted_ = true;
    return converged;
  }

  /// Takes the rates between neighbouring samples as measured; returns whether there are any.
  bool difference(std::span<const Trajectory<dim>> motions) {
    const auto for_each = [&](auto&& body) {
      for (const auto& motion : motions)
        for (Index k = 1; k < motion.samples(); ++k)
          if (motion.complete(k - 1) && motion.complete(k)) body(motion, k);
    };
    Index count = 0;
    for_each([&](const auto&, Index) { ++count; });
    if (count == 0) return false;
    if (x_.cols() != count) {
      x_.resize(dim, count);
      dx_.resize(dim, count);
    }
    Index at = 0;
    for_each([&](const auto& motion, Index k) {
      for (int i = 0; i < dim; ++i) {
        const double before = motion.states(i, k - 1), after = motion.states(i, k);
        x_(i, at) = (before + after) / 2;
        dx_(i, at) = (after - before) / (motion.times[k] - motion.times[k - 1]);
      }
      ++at;
    });
    rates_.measure(x_, dx_);
    return true;
  }

  Options options_;
  const Model& model_;
  LatentPrior<Model> prior_;
  RateErrors<Model> rates_;
  StateErrors<Model> motions_;
  LevenbergMarquardt search_;
  typename Model::Latent z_;
  Vector<double> u_, best_, whitened_;
  LeastSquares candidate_;
  Matrix<double> covariance_;
  Matrix<double, dim> x_, dx_;
  std::vector<std::pair<double, Index>> candidates_;
  double sigma_square_ = 1.0, objective_ = 0.0, square_ = 0.0;
  int iterations_ = 0;
  bool restarted_ = false;
};

}  // namespace metriplex
