#pragma once

#include "metriplex/core/error.hpp"
#include "metriplex/train/optimizer.hpp"

namespace metriplex {

/// Steps down the gradient, with momentum and decoupled weight decay if asked for.
///
/// Math: u ← βu + g; θ ← θ − η (u + λθ).
template <RealScalar ScalarType>
class Sgd {
 public:
  using Scalar = ScalarType;
  struct Options {
    double momentum = 0.0, weight_decay = 0.0;
  };

  /// What meta-training starts from.
  static constexpr Options training_options() { return {.momentum = 0.9}; }
  static constexpr double training_rate = 1e-2;

  /// Errors: momentum that is kept for ever, or options out of range.
  Sgd(const Options& options, Index size) : options_(options), velocity_(Vector<Scalar>::Zero(size)) {
    require(options.momentum >= 0 && static_cast<Scalar>(options.momentum) < Scalar(1) &&
                options.weight_decay >= 0 && std::isfinite(options.weight_decay),
            {"Sgd needs 0 <= momentum < 1 and a weight_decay >= 0; got ", options.momentum, " and ",
             options.weight_decay});
  }

  void reset() { velocity_.setZero(); }

  /// Errors: parameters or gradient of another size than the optimiser's.
  void step(Eigen::Ref<Vector<Scalar>> parameters, const Eigen::Ref<const Vector<Scalar>>& gradient,
            double rate) {
    require(parameters.size() == velocity_.size() && gradient.size() == velocity_.size(),
            "Sgd needs parameters and gradient of the size it was made for");
    const auto momentum = static_cast<Scalar>(options_.momentum), length = static_cast<Scalar>(rate);
    const auto keep = static_cast<Scalar>(1.0 - rate * options_.weight_decay);
    for (Index i = 0; i < velocity_.size(); ++i) {
      velocity_[i] = momentum * velocity_[i] + gradient[i];
      parameters[i] = keep * parameters[i] - length * velocity_[i];
    }
  }

  /// Lists what the next step goes on from, for `StateArchive`.
  template <class Archive>
  void serialize(Archive& archive) {
    archive(velocity_);
  }

 private:
  Options options_;
  Vector<Scalar> velocity_;
};

}  // namespace metriplex
