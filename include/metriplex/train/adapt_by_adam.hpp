#pragma once

#include <limits>

#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/adapt/measurements.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/field_loss.hpp"
#include "metriplex/train/schedule.hpp"

namespace metriplex {

/// Where adaptation starts.
enum class LatentStart { mean, zero };

/// Sets how `adapt_by_adam` searches; the defaults were chosen on training members of the benchmark families.
struct AdamAdaptOptions {
  Index steps = 500;
  double rate = 0.5;        ///< in units of the latents' spread over the training systems
  double final_rate = 0.1;  ///< the rate falls to this fraction along a cosine; 1: constant
  double noise = 3e-2;      ///< what the fit may leave of the field, relatively; weighs the prior
  LatentStart start = LatentStart::mean;
};

/// What `adapt_by_adam` found.
template <RealScalar Scalar>
struct AdamAdaptation {
  Vector<Scalar> z;
  double loss;  ///< relative mean squared error of the field at the measurements
};

/// Identifies an unseen system from measurements by gradient descent (Adam) on its latent alone, as Jing et al. do; for
/// comparison: `adapt` is faster and comes nearer.
///
/// Math: z = z₀ + L u, min over u of mean |f(x; z) − ẋ|²/(dim · mean ẋ²) + noise²/(shots · dim) · ‖u‖², the most
/// probable z where latents are spread as in training (Jing et al. 2025, adaptation; whitening and prior are ours).
/// Shapes: x, dx [dim x shots], any number of shots from 1 up.
/// Errors: no shots, shapes that do not fit, NaN or Inf in the measurements or in the field there, options out of
/// range.
template <class Model, class X, class DX>
AdamAdaptation<typename Model::Scalar> adapt_by_adam(const Model& model, const Eigen::MatrixBase<X>& x,
                                                     const Eigen::MatrixBase<DX>& dx,
                                                     const AdamAdaptOptions& options = {}) {
  using Scalar = typename Model::Scalar;
  constexpr int dim = Model::dimension;
  require(options.steps >= 0 && std::isfinite(options.rate) && options.rate > 0 && options.noise >= 0 &&
              options.noise <= 1e6 && options.final_rate > 0 && options.final_rate <= 1,
          "adapt_by_adam needs steps >= 0, a positive rate, a final_rate in (0, 1] and a noise of 0 to 1e6");
  const Measurements<Scalar, dim> shots(x, dx, model.scaling(), "adapt_by_adam");
  const double prior = options.noise * options.noise / static_cast<double>(shots.x.size());
  const Index latent = model.latent();
  Vector<Scalar> start = model.mean_latent();
  if (options.start == LatentStart::zero) start.setZero();
  const LatentPrior<Model> latent_prior(model);
  const Matrix<Scalar> spread = latent_prior.factor().template cast<Scalar>();
  Matrix<Scalar> z(latent, 1), d_z(latent, 1), codes, d_codes(Model::code_size, 1);
  Vector<Scalar> u = Vector<Scalar>::Zero(latent), d_u(latent);
  Vector<Scalar> weights = Vector<Scalar>::Zero(Model::base_size), d_weights = weights;
  // The base is frozen: its gradient is made, since pullbacks come whole, and thrown away.
  Vector<Scalar> d_parameters = Vector<Scalar>::Zero(model.parameters().size());
  FieldLoss<typename Model::Bound> field_loss;
  Adam<Scalar> adam({}, latent);
  AdamAdaptation<Scalar> best{start, std::numeric_limits<double>::infinity()};
  double best_objective = best.loss;
  for (Index step = 0; step <= options.steps; ++step) {
    add_combination(latent, latent, spread.data(), latent, u.data(), start.data(), z.data());
    model.encode(z, codes);
    model.apply(codes.data(), weights.data());
    const double loss = field_loss(weights.data(), model.scaling(), shots, d_weights.data());
    const double objective = loss + prior * squared_norm(u);
    if (objective < best_objective) {  // false for NaN: a diverging step is never kept
      best_objective = objective;
      best.z = z;
      best.loss = loss;
    }
    if (step == options.steps || Model::code_size == 0) break;
    d_codes.setZero();
    d_z.setZero();
    model.pullback(codes.data(), d_weights.data(), d_parameters.data(),
                   d_parameters.data() + Model::base_size, d_codes.data());
    model.encode_pullback(z, d_codes, d_parameters.data(), d_z);
    for (Index k = 0; k < latent; ++k)
      d_u[k] = dot(latent, &spread(0, k), d_z.data()) + static_cast<Scalar>(2.0 * prior) * u[k];
    adam.step(u, d_u, options.rate * CosineSchedule{options.final_rate, 0}(step, options.steps));
  }
  require(std::isfinite(best.loss),
          "adapt_by_adam expects a model whose field is finite at the measurements; got NaN or Inf");
  return best;
}

}  // namespace metriplex
