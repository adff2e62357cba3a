#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "metriplex/adapt/latent_prior.hpp"

namespace metriplex {

/// Translates latents into the known parameters of the training systems, each by a polynomial of degree 1 or 2.
///
/// Math: µ(z) = Σ c_k φ_k(u), φ = (1, u, u uᵀ), z = z₀ + L u, c by least squares over the training systems. R² is that of systems left
/// out one at a time: 1 − Σ (e_j/(1 − h_j))²/Σ (µ_j − µ̄)², h the diagonal of the hat matrix (Allen 1974, PRESS). A parameter
/// takes the degree, up to the one asked for, whose R² is better: more coefficients may explain less of what was left out.
/// Shapes: z [latent], µ [parameters].
template <class ModelType>
class ParameterMap {
 public:
  /// Fits a map of a degree up to `degree` to parameters mu [parameters x systems] of the systems that the model was trained
  /// on.
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
    Matrix<double> features(terms, systems);
    for (Index j = 0; j < systems; ++j) {
      prior_.whiten(column(model.latents(), j), u_.data());
      fill(column(features, j));
    }
    coefficients_.setZero(mu.rows(), terms);
    r_squared_.setConstant(mu.rows(), std::numeric_limits<double>::quiet_NaN());
    for (int tried = 1; tried <= degree; ++tried) fit(features, mu, tried);
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
  /// Takes the map of one degree for those parameters that it explains better than what there is.
  void fit(const Matrix<double>& features, const Matrix<double>& mu, int degree) {
    const Index systems = mu.cols(), terms = feature_count(degree);
    Matrix<double> normal = Matrix<double>::Zero(terms, terms), solved = features.topRows(terms);
    for (Index j = 0; j < systems; ++j)
      for (Index a = 0; a < terms; ++a)
        for (Index b = 0; b < terms; ++b) normal(a, b) += features(a, j) * features(b, j);
    for (Index a = 0; a < terms; ++a) normal(a, a) += 1e-10 * static_cast<double>(systems);
    require(factor_cholesky(terms, normal.data()), "a parameter map needs latents that differ");
    for (Index j = 0; j < systems; ++j) solve_cholesky(terms, normal.data(), column(solved, j));
    Vector<double> found(terms);
    for (Index i = 0; i < mu.rows(); ++i) {
      double mean = 0, most = 0, left = 0, all = 0;
      for (Index j = 0; j < systems; ++j) {
        mean += mu(i, j) / static_cast<double>(systems);
        most = std::max(most, std::abs(mu(i, j)));
      }
      found.setZero();
      for (Index j = 0; j < systems; ++j)
        for (Index a = 0; a < terms; ++a) found[a] += mu(i, j) * solved(a, j);
      for (Index j = 0; j < systems; ++j) {
        double hat = 0, error = mu(i, j);
        for (Index a = 0; a < terms; ++a) {
          hat += features(a, j) * solved(a, j);
          error -= found[a] * features(a, j);
        }
        left += std::pow(error / most / std::max(1 - hat, 1e-12), 2);
        all += std::pow((mu(i, j) - mean) / most, 2);
      }
      // The rounding of numbers that are all alike is not variation.
      const bool varies = all > 1e-24 * static_cast<double>(systems);
      const double explained = varies ? 1 - left / all : r_squared_[i];
      if (degree > 1 && !(explained > r_squared_[i])) continue;
      r_squared_[i] = explained;
      for (Index a = 0; a < terms; ++a) coefficients_(i, a) = found[a];
    }
  }

  Index feature_count() const { return feature_count(degree_); }
  Index feature_count(int degree) const {
    const Index n = u_.size();
    return 1 + n + (degree == 2 ? n * (n + 1) / 2 : 0);
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
