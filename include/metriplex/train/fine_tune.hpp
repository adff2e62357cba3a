#pragma once

#include <cmath>
#include <type_traits>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/field_loss.hpp"
#include "metriplex/train/schedule.hpp"

namespace metriplex {

/// Sets how `fine_tune` trains; the defaults are the protocol's.
struct FineTuneOptions {
  Index steps = 500;
  double rate = 1e-3;
  double final_rate = 1.0;  ///< the rate falls to this fraction along a cosine; 1: constant
  double clip = 0.0;        ///< largest norm of the gradient; 0: any
};

/// Trains all weights of one system's model on its measurements; returns the relative mean squared error that
/// is left.
///
/// It knows no modulation: a bound model is plain weights. With random weights it is training from scratch.
/// Shapes: x, dx [dim x shots].
/// Errors: as `adapt`; a loss that is not finite leaves the model as it was.
template <class Bound, class X, class DX>
double fine_tune(Bound& model, const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx,
                 const FineTuneOptions& options = {}) {
  static_assert(
      !std::is_const_v<Bound> && requires { model.weights(); },
      "fine_tune changes one system's weights: it takes what bind(z) returned, not const");
  using Scalar = typename Bound::Scalar;
  constexpr int dim = Bound::dimension;
  require(options.steps >= 1 && std::isfinite(options.rate) && options.rate > 0 && options.final_rate >= 0 &&
              std::isfinite(options.final_rate) && options.clip >= 0 && std::isfinite(options.clip),
          "fine_tune needs at least one step, a positive rate, and a final_rate and a clip >= 0");
  const Measurements<Scalar, dim> shots(x, dx, model.scaling(), "fine_tune");
  Vector<Scalar> weights = model.weights(), gradient = Vector<Scalar>::Zero(weights.size());
  FieldLoss<Bound> field_loss;
  Adam<Scalar> adam({}, weights.size());
  double loss = 0.0;
  for (Index step = 0;; ++step) {
    loss = field_loss(weights.data(), model.scaling(), shots, gradient.data());
    const double norm = clip_norm<Scalar>(gradient, options.clip);
    require(std::isfinite(loss) && std::isfinite(norm),
            {"fine_tune expects a finite loss and gradient; got loss ", loss, " after ", step,
             " steps: lower the learning rate (", options.rate, ")"});
    if (step == options.steps) break;
    adam.step(weights, gradient, options.rate * CosineSchedule{options.final_rate, 0}(step, options.steps));
  }
  model.weights() = weights;
  return loss;
}

}  // namespace metriplex
