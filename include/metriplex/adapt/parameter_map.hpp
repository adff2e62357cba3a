#pragma once

#include <cmath>
#include <limits>

#include "metriplex/adapt/latent_prior.hpp"

namespace metriplex {

/// Translates latents into the known parameters of the training systems, by a polynomial of degree 1 or 2.
///
/// Math: µ(z) = Σ c_k φ_k(u), φ = (1, u, u uᵀ), z = z₀ + L u, c by least squares over the training systems. R² is that of systems left
/// out one at a time: 1 − Σ (e_j/(1 − h_j))²/Σ (µ_j − µ̄)², h the diagonal of the hat matrix (Allen 1974, PRESS).
/// Shapes: z [latent], µ [parameters].
template <class ModelType>
class ParameterMap {
 public:
  /// Fits a map to parameters mu [parameters x systems] of the systems that the model was trained on.
  ///
  /// Errors: another number of systems; not more of them than coefficients; a degree other than 1 and 2; NaN or Inf.
  ParameterMap(const ModelType& model, const Matrix<double>& mu, int degree)
      : prior_(model), degree_(degree), u_(model.latent()) {
    const Index systems = model.latents().cols(), terms = feature_count();
    require(degree == 1 || degree == 2, {"a parameter map has degree 1 or 2; got ", degree});
    require(mu.cols() == systems,
            {"a parameter map needs the parameters of the ", systems, " training systems; got ", mu.cols()});
    require(systems > terms, {"a parameter map of degree ", degree, " and ", model.latent(),
                              " latents needs more than ", terms, " training systems; got ", systems});
    require(all_finite(mu), "a parameter map needs finite parameters; got a NaN or Inf");
    Matrix<double> features(terms, systems), normal = Matrix<double>::Zero(terms, terms), solved;
    for (Index j = 0; j < systems; ++j) {
      prior_.whiten(column(model.latents(), j), u_.data());
      fill(column(features, j));
      for (Index a = 0; a < terms; ++a)
        for (Index b = 0; b < terms; ++b) normal(a, b) += features(a, j) * features(b, j);
    }
    for (Index a = 0; a < terms; ++a) normal(a, a) += 1e-10 * static_cast<double>(systems);
    require(factor_cholesky(terms, normal.data()), "a parameter map needs latents that differ");
    solved = features;
    for (Index j = 0; j < systems; ++j) solve_cholesky(terms, normal.data(), column(solved, j));
    coefficients_.setZero(mu.rows(), terms);
    for (Index j = 0; j < systems; ++j)
      for (Index a = 0; a < terms; ++a)
        for (Index i = 0; i < mu.rows(); ++i) coefficients_(i, a) += mu(i, j) * solved(a, j);
    r_squared_.resize(mu.rows());
    for (Index i = 0; i < mu.rows(); ++i) {
      double mean = 0, left = 0, all = 0;
      for (Index j = 0; j < systems; ++j) mean += mu(i, j) / static_cast<double>(systems);
      for (Index j = 0; j < systems; ++j) {
        double hat = 0, error = mu(i, j);
        for (Index a = 0; a < terms; ++a) {
          hat += features(a, j) * solved(a, j);
          error -= coefficients_(i, a) * features(a, j);
        }
        left += std::pow(error / std::max(1 - hat, 1e-12), 2);
        all += std::pow(mu(i, j) - mean, 2);
      }
      r_squared_[i] = all > 0 ? 1 - left / all : std::numeric_limits<double>::quiet_NaN();
    }
  }

  /// Returns the parameters of latent z.
  Vector<double> operator()(const typename ModelType::Latent& z) const {
    Vector<double> features(feature_count()), mu = Vector<double>::Zero(coefficients_.rows());
    prior_.whiten(z.data(), u_.data());
    fill(features.data());
    for (Index a = 0; a < features.size(); ++a)
      for (Index i = 0; i < mu.size(); ++i) mu[i] += coefficients_(i, a) * features[a];
    return mu;
  }

  /// How much of each parameter's variation the map explains for systems that it was not fitted to; 1: all, 0: nothing; NaN for a
  /// parameter that does not vary.
  const Vector<double>& r_squared() const { return r_squared_; }

 private:
  Index feature_count() const {
    const Index n = u_.size();
    return 1 + n + (degree_ == 2 ? n * (n + 1) / 2 : 0);
  }
  void fill(double* feature) const {
    *feature++ = 1;
    for (Index i = 0; i < u_.size(); ++i) *feature++ = u_[i];
    for (Index i = 0; degree_ == 2 && i < u_.size(); ++i)
      for (Index j = 0; j <= i; ++j) *feature++ = u_[i] * u_[j];
  }

  LatentPrior<ModelType> prior_;
  int degree_;
  mutable Vector<double> u_;
  Matrix<double> coefficients_;  // [parameters x features]
  Vector<double> r_squared_;
};

}  // namespace metriplex
