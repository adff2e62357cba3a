#pragma once

#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/model/model.hpp"

namespace metriplex {

/// What the training systems say of a latent before anything is measured: normally distributed, with their mean and covariance.
///
/// Math: z = z₀ + L u with L Lᵀ the training latents' covariance: u is standard normal, and all directions are alike, where raw
/// latents may spread a hundred times more in one than in another. Before training z₀ = 0 and L is the identity.
template <class ModelType>
class LatentPrior {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::latent_at_compile_time;

 public:
  using Latent = typename ModelType::Latent;
  /// [latent]
  using Mean = Vector<double, dim>;
  /// [latent x latent]
  using Covariance = Matrix<double, dim, dim>;

  /// Errors: training latents that are not finite.
  explicit LatentPrior(const ModelType& model)
      : mean_(Mean::Zero(model.latent())), factor_(Covariance::Identity(model.latent(), model.latent())) {
    fit(model, [](Index) { return 1.0; });
  }

  /// Lets training system j count by weight(j) >= 0, and deviate `widen` times as far; allocates nothing.
  ///
  /// Errors: as above.
  template <class Weight>
  void fit(const ModelType& model, Weight&& weight, double widen = 1) {
    const auto& latents = model.latents();
    const Index size = model.latent(), systems = latents.cols();
    double total = 0.0, squares = 0.0;
    for (Index k = 0; k < systems; ++k) {
      total += weight(k);
      squares += weight(k) * weight(k);
    }
    mean_.setZero();
    factor_.setIdentity();
    for (Index k = 0; k < systems; ++k)
      for (Index i = 0; i < size; ++i) mean_[i] += weight(k) / total * static_cast<double>(latents(i, k));
    if (systems < 2) return;
    const double share = widen * widen / (total - squares / total);  // 1/(systems − 1) for equal weights
    double trace = 0.0;
    for (Index j = 0; j < size; ++j) {
      for (Index i = 0; i < size; ++i) {
        double sum = 0.0;
        for (Index k = 0; k < systems; ++k)
          sum += weight(k) * (static_cast<double>(latents(i, k)) - mean_[i]) *
                 (static_cast<double>(latents(j, k)) - mean_[j]);
        factor_(i, j) = share * sum;
      }
      trace += factor_(j, j);
    }
    // Directions that the training systems do not use still move a little.
    for (Index i = 0; i < size; ++i) factor_(i, i) += 1e-6 * trace / static_cast<double>(size) + 1e-12;
    require(factor_cholesky(size, factor_.data()),
            "adaptation expects finite latents of the training systems");
  }

  const Mean& mean() const { return mean_; }
  /// L, lower triangular.
  const Covariance& factor() const { return factor_; }

  /// Writes z = z₀ + L u; u [latent].
  void latent_of(const double* u, Latent& z) const {
    for (Index i = 0; i < mean_.size(); ++i) {
      double sum = mean_[i];
      for (Index j = 0; j <= i; ++j) sum += factor_(i, j) * u[j];
      z[i] = static_cast<Scalar>(sum);
    }
  }
  /// Writes u = L⁻¹(z − z₀); z, u [latent].
  void whiten(const Scalar* z, double* u) const {
    for (Index i = 0; i < mean_.size(); ++i) {
      double sum = static_cast<double>(z[i]) - mean_[i];
      for (Index j = 0; j < i; ++j) sum -= factor_(i, j) * u[j];
      u[i] = sum / factor_(i, i);
    }
  }
  /// Turns a cotangent of z into that of u, Lᵀ d, in place.
  void pull_back(double* d) const {
    for (Index j = 0; j < mean_.size(); ++j) {  // rows from j on are still z's
      double sum = 0.0;
      for (Index i = j; i < mean_.size(); ++i) sum += factor_(i, j) * d[i];
      d[j] = sum;
    }
  }
  /// Turns a covariance of u into that of z, L C Lᵀ.
  template <class C>
  void spread_covariance(C& c) const {
    const Index n = mean_.size();
    for (Index j = 0; j < n; ++j)  // L C, from the last row up: rows above are still C's
      for (Index i = n - 1; i >= 0; --i) {
        double sum = 0.0;
        for (Index k = 0; k <= i; ++k) sum += factor_(i, k) * c(k, j);
        c(i, j) = sum;
      }
    for (Index i = 0; i < n; ++i)  // (L C) Lᵀ, likewise by columns
      for (Index j = n - 1; j >= 0; --j) {
        double sum = 0.0;
        for (Index k = 0; k <= j; ++k) sum += c(i, k) * factor_(j, k);
        c(i, j) = sum;
      }
  }

 private:
  Mean mean_;
  Covariance factor_;
};

}  // namespace metriplex
