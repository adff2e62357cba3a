#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "metriplex/adapt/latent_prior.hpp"

namespace metriplex {

/// Tells members that are unlike all that a model was trained on.
///
/// Math: d(u, v)² = (u − v)ᵀ(C⁻¹ − I)(u − v), C the posterior's covariance of whitened latents: how differently two members explain what
/// was measured, to first order. A member is outside if it is `far` times as far from its third nearest training system as 9 of 10
/// of these are from theirs: latents lie on a curved sheet, of which mean and covariance tell little.
template <class ModelType>
class Extrapolation {
 public:
  static constexpr double far = 1.5, quantile = 0.9;
  static constexpr std::size_t neighbour = 3;  // a system may have been trained on twice

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
    if (systems <= Index{neighbour} || !factor_cholesky(n, factor_.data())) return false;
    whitened_.resize(n, systems + 1);
    solved_.resize(n, systems + 1);
    nearest_.resize(static_cast<std::size_t>(systems) + 1);
    for (Nearest& nearest : nearest_) nearest.fill(std::numeric_limits<double>::infinity());
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
    for (Index j = 0; j <= systems; ++j)
      for (Index k = 0; k < j; ++k) {
        const double apart = square(j, k);
        insert(j, apart);
        if (j < systems) insert(k, apart);
      }
    const double own = nearest_.back().back();
    const auto usual =
        nearest_.begin() + static_cast<std::ptrdiff_t>(quantile * static_cast<double>(systems - 1));
    std::nth_element(nearest_.begin(), usual, nearest_.end() - 1,
                     [](const Nearest& a, const Nearest& b) { return a.back() < b.back(); });
    return own > std::max(1.0, far * far * usual->back());  // less than a deviation is no difference
  }

 private:
  using Nearest = std::array<double, neighbour>;  // squares of distances, rising

  void insert(Index at, double apart) {
    for (double& nearest : nearest_[static_cast<std::size_t>(at)])
      if (apart < nearest) std::swap(apart, nearest);
  }
  double square(Index j, Index k) const {
    double sum = 0;
    for (Index i = 0; i < whitened_.rows(); ++i)
      sum += std::pow(solved_(i, j) - solved_(i, k), 2) - std::pow(whitened_(i, j) - whitened_(i, k), 2);
    return std::max(sum, 0.0);
  }

  const ModelType& model_;
  Matrix<double> factor_, whitened_, solved_;  // the training latents and, last, the one in question
  std::vector<Nearest> nearest_;               // likewise
};

}  // namespace metriplex
