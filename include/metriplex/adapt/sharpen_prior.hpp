#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/adapt/latent_prior.hpp"

namespace metriplex {

/// Narrows a prior down to what measurements leave in question.
template <class ModelType>
class SharpenPrior {
 public:
  /// Prepares for a model that outlives it.
  explicit SharpenPrior(const ModelType& model) : model_(model), off_(Vector<double>::Zero(model.latent())) {}

  /// Lets training systems count for the prior by how well they explain the measurements, but at least as if `least` of them
  /// did; allocates nothing but once.
  ///
  /// Math: w_j = exp(−d_j²/2t), d_j² = (u_j − u)ᵀ (C_u⁻¹ − I)(u_j − u) what the linearised fit would lose, t >= 1 the temperature at which
  /// (Σ w)²/Σ w² reaches `least`. Deviations are widened, by up to 2 where few count: those tell little of how far others
  /// may be from them. Measurements that say nothing leave the prior as it was.
  /// Shapes: u [latent or more], the best by the present prior; covariance [latent x latent], C_u; it is spoilt.
  void operator()(LatentPrior<ModelType>& prior, const Vector<double>& u, Matrix<double>& covariance,
                  double least) {
    const Index n = model_.latent(), systems = model_.latents().cols();
    if (!factor_cholesky(n, covariance.data())) return;
    loss_.resize(systems);
    for (Index j = 0; j < systems; ++j) {
      prior.whiten(column(model_.latents(), j), off_.data());
      double square = 0;
      for (Index k = 0; k < n; ++k) square -= (off_[k] -= u[k]) * off_[k];
      solved_ = off_;
      solve_cholesky(n, covariance.data(), solved_.data());
      for (Index k = 0; k < n; ++k) square += off_[k] * solved_[k];
      loss_[j] = std::max(square, 0.0);
    }
    const double best = *std::min_element(loss_.data(), loss_.data() + systems);
    const auto counting = [&](double t) {
      double total = 0, squares = 0;
      for (Index j = 0; j < systems; ++j) {
        const double w = std::exp((best - loss_[j]) / (2 * t));
        total += w;
        squares += w * w;
      }
      return total * total / squares;
    };
    double t = 1;
    while (counting(t) < least && t < 1e30) t *= 1.25;
    const double widen = std::sqrt(4 - 3 * std::min(1.0, counting(t) / static_cast<double>(systems)));
    for (double& loss : loss_) loss = std::exp((best - loss) / (2 * t));
    prior.fit(
        model_, [&](Index j) { return loss_[j]; }, widen);
  }

 private:
  const ModelType& model_;
  Vector<double> off_, solved_, loss_;
};

}  // namespace metriplex
