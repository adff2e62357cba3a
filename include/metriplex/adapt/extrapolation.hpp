#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "metriplex/adapt/latent_prior.hpp"

namespace metriplex {

/// Tells members that are unlike all that a model was trained on.
///
/// Math: d(u, v)² = (u − v)ᵀ(C⁻¹ − I)(u − v), C the posterior's covariance of whitened latents: how differently two members explain what
/// was measured, to first order. A member is outside if it is `far` times as far from its nearest training system as 9 of 10 of
/// these are from theirs: latents lie on a curved sheet, of which mean and covariance tell little.
template <class ModelType>
class Extrapolation {
 public:
  static constexpr double far = 1.5, quantile = 0.9;

  /// Prepares for a model that outlives it.
  explicit Extrapolation(const ModelType& model) : model_(model) {}

  /// Tells whether u is outside; allocates nothing but once.
  ///
  /// Shapes: u [latent or more], whitened by the prior; covariance [latent x latent], C.
  /// Cost: latent · systems² / 2.
  bool operator()(const LatentPrior<ModelType>& prior, const Vector<double>& u,
                  const Matrix<double>& covariance) {
    const Index n = model_.latent(), systems = model_.latents().cols();
    factor_ = covariance;
    if (systems < 3 || !factor_cholesky(n, factor_.data())) return false;
    whitened_.resize(n, systems + 1);
    solved_.resize(n, systems + 1);
    nearest_.assign(static_cast<std::size_t>(systems), std::numeric_limits<double>::infinity());
    for (Index j = 0; j <= systems; ++j) {
      double *const w = column(whitened_, j), *const s = column(solved_, j);
      if (j < systems)
        prior.whiten(column(model_.latents(), j), w);
      else
        std::copy_n(u.data(), n, w);
      for (Index i = 0; i < n; ++i) {  // K⁻¹ w, C = K Kᵀ
        s[i] = w[i];
        for (Index k = 0; k < i; ++k) s[i] -= factor_(i, k) * s[k];
        s[i] /= factor_(i, i);
      }
    }
    double own = std::numeric_limits<double>::infinity();
    for (Index j = 0; j < systems; ++j) {
      own = std::min(own, square(j, systems));
      for (Index k = 0; k < j; ++k) {
        const double apart = square(j, k);
        for (const Index at : {j, k}) {
          double& nearest = nearest_[static_cast<std::size_t>(at)];
          nearest = std::min(nearest, apart);
        }
      }
    }
    const auto usual =
        nearest_.begin() + static_cast<std::ptrdiff_t>(quantile * static_cast<double>(systems - 1));
    std::nth_element(nearest_.begin(), usual, nearest_.end());
    return own > far * far * *usual;
  }

 private:
  double square(Index j, Index k) const {
    double sum = 0;
    for (Index i = 0; i < whitened_.rows(); ++i)
      sum += std::pow(solved_(i, j) - solved_(i, k), 2) - std::pow(whitened_(i, j) - whitened_(i, k), 2);
    return std::max(sum, 0.0);
  }

  const ModelType& model_;
  Matrix<double> factor_, whitened_, solved_;  // the training latents and, last, the one in question
  std::vector<double> nearest_;
};

}  // namespace metriplex
