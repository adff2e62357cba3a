#pragma once

#include <Eigen/Cholesky>
#include <limits>

#include "metriplex/model/model.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/field_loss.hpp"
#include "metriplex/train/measurements.hpp"
#include "metriplex/train/schedule.hpp"

namespace metriplex {

/// Where adaptation starts.
enum class LatentStart { mean, zero };

/// Sets how `adapt` searches; the defaults were chosen on training members of the benchmark families.
struct AdaptOptions {
  Index steps = 500;
  double rate = 0.5;        ///< in units of the latents' spread over the training systems
  double final_rate = 0.1;  ///< the rate falls to this fraction along a cosine; 1: constant
  double noise = 3e-2;      ///< what the fit may leave of the field, relatively; weighs the prior
  LatentStart start = LatentStart::mean;
};

/// What adaptation found.
template <RealScalar Scalar>
struct Adaptation {
  Vector<Scalar> z;
  double loss;  ///< relative mean squared error of the field at the measurements
};

/// Factors the covariance of the training latents, L Lᵀ: in u = L⁻¹(z − z₀) all directions are alike, where
/// raw latents may spread a hundred times more in one than in another. The identity before training.
template <class Model>
Matrix<typename Model::Scalar> latent_spread(const Model& model) {
  using Scalar = typename Model::Scalar;
  const Index size = model.latent(), systems = model.latents().cols();
  if (systems < 2) return Matrix<Scalar>::Identity(size, size);
  const Matrix<double> centred =
      model.latents().template cast<double>().colwise() - model.mean_latent().template cast<double>();
  Matrix<double> covariance = centred.lazyProduct(centred.transpose()) / static_cast<double>(systems - 1);
  // Directions that the training systems do not use still move a little.
  covariance.diagonal().array() += 1e-6 * covariance.trace() / static_cast<double>(size) + 1e-12;
  return Eigen::LLT<Matrix<double>>(covariance).matrixL().toDenseMatrix().template cast<Scalar>();
}

/// Identifies an unseen system from measurements by gradient descent (Adam) on its latent alone.
///
/// Math: z = z₀ + L u, min over u of mean |f(x; z) − ẋ|²/(dim · mean ẋ²) + noise²/(shots · dim) · ‖u‖², the most
/// probable z where latents are spread as in training (Jing et al. 2025, adaptation; whitening and prior are ours).
/// Shapes: x, dx [dim x shots], any number of shots from 1 up.
/// Errors: no shots, shapes that do not fit, NaN or Inf in the measurements or in the field there, options out of
/// range.
template <class Model, class X, class DX>
Adaptation<typename Model::Scalar> adapt(const Model& model, const Eigen::MatrixBase<X>& x,
                                         const Eigen::MatrixBase<DX>& dx, const AdaptOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  constexpr int dim = Model::dimension;
  require(options.steps >= 0 && std::isfinite(options.rate) && options.rate > 0 &&
              std::isfinite(options.noise) && options.noise >= 0 && options.final_rate > 0 &&
              options.final_rate <= 1,
          "adapt needs steps >= 0, a positive rate, a final_rate in (0, 1] and a noise >= 0");
  const Measurements<Scalar, dim> shots(x, dx, model.scaling(), "adapt");
  const auto prior = static_cast<Scalar>(options.noise * options.noise / static_cast<double>(shots.x.size()));

  const Matrix<Scalar> start =
      options.start == LatentStart::mean ? model.mean_latent() : Vector<Scalar>::Zero(model.latent()).eval();
  const Matrix<Scalar> spread = latent_spread(model);
  Matrix<Scalar> z = start, d_z(z.rows(), 1), codes(Model::code_size, 1), d_codes(Model::code_size, 1);
  Vector<Scalar> u = Vector<Scalar>::Zero(z.rows()), d_u(z.rows());
  Vector<Scalar> weights = Vector<Scalar>::Zero(Model::base_size), d_weights(Model::base_size);
  // The base is frozen: its gradient is made, since pullbacks come whole, and thrown away.
  Vector<Scalar> d_parameters = Vector<Scalar>::Zero(model.parameters().size());
  FieldLoss<typename Model::Bound> field_loss;
  Adam<Scalar> adam({}, model.latent());
  Adaptation<Scalar> best{start, std::numeric_limits<double>::infinity()};
  double best_objective = best.loss;
  for (Index step = 0; step <= options.steps; ++step) {
    z = start + spread.lazyProduct(u);
    codes = model.encode(z);
    model.apply(codes.data(), weights.data());
    d_weights.setZero();
    const double loss = field_loss(weights.data(), model.scaling(), shots.x, shots.dx, shots.columns.data(),
                                   shots.x.cols(), shots.weight, d_weights.data());
    const double objective = loss + static_cast<double>(prior * u.squaredNorm());
    if (objective < best_objective) {  // false for NaN: a diverging step is never kept
      best_objective = objective;
      best = {z, loss};
    }
    if (step == options.steps || Model::code_size == 0) break;
    d_codes.setZero();
    d_z.setZero();
    model.pullback(codes.data(), d_weights.data(), d_parameters.data(),
                   d_parameters.data() + Model::base_size, d_codes.data());
    model.encode_pullback(z, d_codes, d_parameters, d_z);
    d_u = spread.transpose().lazyProduct(d_z) + Scalar(2) * prior * u;
    adam.step(u, d_u, options.rate * CosineSchedule{options.final_rate}(step, options.steps));
  }
  require(std::isfinite(best.loss),
          "adapt expects a model whose field is finite at the measurements; got NaN or Inf");
  return best;
}

}  // namespace metriplex
