#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/core/arrays.hpp"

namespace metriplex {

/// Says what measurements fix of a latent, and what they leave to the prior.
struct Identifiability {
  Vector<double>
      singular_values;  ///< of the errors' derivative by the whitened latent, largest first; below 1 the prior says more
  Matrix<double> directions;       ///< of z, one a column, in deviations of the prior
  double effective_dimension = 0;  ///< how many directions the measurements fix
};

/// Reads off a posterior covariance what was measured.
///
/// Math: C_u = L⁻¹ C L⁻ᵀ = (JᵀJ/σ² + I)⁻¹ has eigenvalues 1/(1 + s²), s the singular values of J/σ; effective dimension
/// Σ s²/(1 + s²) (MacKay 1992, "Bayesian interpolation", 4). Unknowns beside the latent are marginalised.
/// Shapes: covariance [latent x latent], of z.
/// Errors: another shape, NaN or Inf.
template <class Model>
Identifiability identifiability(const LatentPrior<Model>& prior, const Matrix<double>& covariance) {
  const Index n = prior.mean().size();
  require(covariance.rows() == n && covariance.cols() == n && all_finite(covariance),
          {"identifiability needs a finite covariance [", n, " x ", n, "]; got [", covariance.rows(), " x ",
           covariance.cols(), "] or a NaN or Inf"});
  Matrix<double> c = covariance, vectors(n, n);
  const auto divide = [&](Index j, Index step) {  // by L, a row or a column
    double* x = c.data() + j * (step == 1 ? n : 1);
    for (Index i = 0; i < n; ++i) {
      for (Index k = 0; k < i; ++k) x[i * step] -= prior.factor()(i, k) * x[k * step];
      x[i * step] /= prior.factor()(i, i);
    }
  };
  for (Index j = 0; j < n; ++j) divide(j, 1);
  for (Index j = 0; j < n; ++j) divide(j, n);
  for (Index j = 0; j < n; ++j)  // symmetric again, after rounding
    for (Index i = 0; i < j; ++i) c(i, j) = c(j, i) = (c(i, j) + c(j, i)) / 2;
  Vector<double> values(n);
  symmetric_eigenvalues(n, c.data(), values.data(), vectors.data());
  std::vector<Index> order(static_cast<std::size_t>(n));
  order_falling(Vector<double>(-values).data(), order);  // rising: the least is left of what is known best
  Identifiability found{Vector<double>(n), Matrix<double>(n, n)};
  for (Index k = 0; k < n; ++k) {
    const Index from = order[static_cast<std::size_t>(k)];
    const double left = std::clamp(values[from], 1e-300, 1.0);
    found.singular_values[k] = std::sqrt(1 / left - 1);
    found.effective_dimension += 1 - left;
    for (Index i = 0; i < n; ++i) {
      double sum = 0;
      for (Index j = 0; j <= i; ++j) sum += prior.factor()(i, j) * vectors(j, from);
      found.directions(i, k) = sum;
    }
  }
  return found;
}

}  // namespace metriplex
