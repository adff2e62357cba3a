#pragma once

#include <span>

#include "metriplex/adapt/latent_fit.hpp"

namespace metriplex {

/// What adaptation found.
template <class Latent>
struct Adaptation {
  Latent z;
  Matrix<double> covariance;  ///< the posterior's, of z
  double loss;                ///< relative mean squared error at the measurements
  double noise;               ///< deviation of an error that the covariance supposes, relative likewise
  int iterations;
  FitStatus status;
};

/// Returns what a fit found.
template <class Model>
Adaptation<typename Model::Latent> found_by(const LatentFit<Model>& fit, FitStatus status) {
  return {fit.z(), fit.covariance(), fit.loss(), fit.noise(), fit.iterations(), status};
}

/// Identifies an unseen system from measured pairs (x, dx/dt): once; who adapts again and again keeps a `LatentFit`, and who
/// measures one at a time a `LatentEstimator`.
///
/// Math: see `LatentFit`.
/// Shapes: x, dx [dim x shots], any number of shots from 1 up.
/// Errors: as `LatentFit::fit`.
template <class Model, class X, class DX>
Adaptation<typename Model::Latent> adapt(const Model& model, const Eigen::MatrixBase<X>& x,
                                         const Eigen::MatrixBase<DX>& dx,
                                         const LatentFitOptions& options = {}) {
  LatentFit<Model> fit(model, options);
  const FitStatus status = fit.fit(x, dx);
  return found_by(fit, status);
}

/// Identifies it likewise from motions of which the states alone were measured.
///
/// Errors: as `LatentFit::fit`.
template <class Model>
Adaptation<typename Model::Latent> adapt(const Model& model,
                                         std::span<const Motion<Model::dimension>> motions,
                                         const LatentFitOptions& options = {}) {
  LatentFit<Model> fit(model, options);
  const FitStatus status = fit.fit(motions);
  return found_by(fit, status);
}
template <class Model>
Adaptation<typename Model::Latent> adapt(const Model& model, const Motion<Model::dimension>& motion,
                                         const LatentFitOptions& options = {}) {
  return adapt(model, std::span<const Motion<Model::dimension>>(&motion, 1), options);
}

}  // namespace metriplex
