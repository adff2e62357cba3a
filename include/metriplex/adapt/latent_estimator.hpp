#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/adapt/chi_square.hpp"
#include "metriplex/adapt/latent_filter.hpp"
#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/model/latent_jacobian.hpp"

namespace metriplex {

/// Sets what a `LatentEstimator` remembers and when it doubts.
struct LatentEstimatorOptions {
  double memory = 1;   ///< what earlier measurements count after one more; below 1 for systems that change
  int iterations = 3;  ///< linearisations a measurement, at most
  double surprise_memory =
      0.9;                     ///< what earlier surprises count: few are enough to doubt a system, one is not
  double false_alarms = 1e-4;  ///< probability at a measurement that a member of the family raises the flag
};

/// Follows the latent of a system from one measurement (x, dx/dt) after another, and tells when it is none of the family.
///
/// Math: `LatentFilter` on the whitened latent u, z = z₀ + L u, with residuals (f(x; z) − ẋ)/σ. The flag is raised where the innovations ν,
/// Σₛ λᵗ⁻ˢ νₛ with λ = `surprise_memory`, exceed the quantile of the chi-square distribution of as large a mean and variance
/// (Satterthwaite 1946; Bar-Shalom, Li & Kirubarajan 2001, "Estimation with applications to tracking and navigation", 5.4).
/// Cost: three iterations cost about 60 evaluations of the field for four latent dimensions. After the construction nothing
/// is allocated, and with a `ConstantModel` nothing at all.
template <class ModelType>
class LatentEstimator {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension, size = ModelType::latent_at_compile_time;

 public:
  using Model = ModelType;
  using Options = LatentEstimatorOptions;
  using State = Vector<Scalar, dim>;
  using Latent = typename Model::Latent;
  using Covariance = Matrix<double, size, size>;

  /// Prepares for a model that outlives it, and measured rates whose errors have deviations `noise`, to which the model's own
  /// is added (`Scaling::rate_error`, root of the sum of squares).
  ///
  /// Units: noise as dx/dt, a component each; one that is infinite is never measured.
  /// Errors: deviations that are not positive; options out of range.
  LatentEstimator(const Model& model, const State& noise, const Options& options = {})
      : options_(options),
        noise_(noise),
        prior_(model),
        field_(model),
        filter_(model.latent(), dim, {.memory = options.memory, .iterations = options.iterations}),
        z_(model.mean_latent()) {
    require(options.surprise_memory >= 0 && options.surprise_memory < 1 && options.false_alarms > 0 &&
                options.false_alarms < 1,
            "LatentEstimator needs a surprise_memory from 0 to below 1, and false_alarms between 0 and 1");
    for (int i = 0; i < dim; ++i)
      require(noise[i] > 0, {"LatentEstimator needs positive deviations of measured rates; got ",
                             static_cast<double>(noise[i]), " of component ", i});
    for (int i = 0; i < dim; ++i) noise_[i] = std::hypot(noise[i], model.scaling().rate_error[i]);
    by_latent_.setZero(dim, model.latent());
    row_.setZero(model.latent());
    reset();
  }

  /// Forgets all that was measured.
  void reset() {
    filter_.reset();
    surprise_ = mean_ = variance_ = 0;
    finish();
  }

  /// Takes a measurement; components of dx that are NaN are missing, and one whose state is not finite is refused.
  ///
  /// Returns its innovation.
  Innovation update(const State& x, const State& dx) {
    int seen[dim], rows = 0;
    for (int i = 0; i < dim; ++i)
      if (std::isfinite(dx[i]) && std::isfinite(noise_[i])) seen[rows++] = i;
    if (!all_finite(x)) rows = 0;
    const Innovation innovation = filter_.update(rows, [&](const auto& u, auto& residual, auto& jacobian) {
      move_to(u);
      field_(x, 0, 1, rate_.data(), by_latent_.data(), dim);
      for (int r = 0; r < rows; ++r) {
        const int i = seen[r];
        residual[r] = static_cast<double>((rate_[i] - dx[i]) / noise_[i]);
        for (Index k = 0; k < row_.size(); ++k) row_[k] = static_cast<double>(by_latent_(i, k) / noise_[i]);
        prior_.pull_back(row_.data());
        for (Index k = 0; k < row_.size(); ++k) jacobian(r, k) = row_[k];
      }
    });
    if (innovation.terms > 0) {
      const double keep = options_.surprise_memory;
      surprise_ = keep * surprise_ + innovation.square;
      mean_ = keep * mean_ + static_cast<double>(innovation.terms);
      variance_ = keep * keep * variance_ + 2.0 * static_cast<double>(innovation.terms);
    }
    finish();
    return innovation;
  }

  /// The most probable latent.
  const Latent& z() const { return z_; }
  /// The system identified so far, as a vector field.
  const typename Model::Bound& member() const { return field_.member(); }
  /// Writes the covariance of z.
  void covariance(Covariance& covariance) const {
    filter_.covariance(covariance);
    prior_.spread_covariance(covariance);
  }

  /// Returns how probable it is that a member of the family surprises more than this system has of late.
  double plausibility() const {
    if (variance_ == 0) return 1;
    const double scale = variance_ / (2 * mean_);
    return chi_square_split(surprise_ / scale, mean_ / scale).above;
  }
  /// Whether this system seems to be none of those that the model was trained on.
  bool out_of_family() const { return plausibility() < options_.false_alarms; }

 private:
  template <class U>
  void move_to(const U& u) {
    prior_.latent_of(u.data(), z_);
    field_.move_to(z_);
  }
  void finish() { move_to(filter_.u()); }

  Options options_;
  State noise_, rate_;
  LatentPrior<Model> prior_;
  LatentJacobian<Model, 1> field_;
  LatentFilter<size, dim> filter_;
  Latent z_;
  Matrix<Scalar, dim, size> by_latent_;
  Vector<double, size> row_;
  double surprise_ = 0, mean_ = 0, variance_ = 0;
};

}  // namespace metriplex
