#pragma once

#include "metriplex/core/error.hpp"
#include "metriplex/nn/elementwise.hpp"
#include "metriplex/train/optimizer.hpp"

namespace metriplex {

/// Steps by estimates of the gradient's first two moments, with decoupled weight decay.
///
/// Math: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²; θ ← θ − η (m̂/(√v̂ + ε) + λθ), m̂ and v̂ without their bias
/// (Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019 for λ).
template <RealScalar ScalarType>
class Adam {
 public:
  using Scalar = ScalarType;
  struct Options {
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0.0;
  };

  /// Errors: options that would stop it, or divide by 0, in the precision of its numbers.
  Adam(const Options& options, Index size)
      : options_(options), first_(Vector<Scalar>::Zero(size)), second_(Vector<Scalar>::Zero(size)) {
    const auto averages = [](double beta) { return beta >= 0 && static_cast<Scalar>(beta) < Scalar(1); };
    require(averages(options.beta1) && averages(options.beta2),
            {"Adam needs 0 <= beta1, beta2 < 1; got ", options.beta1, " and ", options.beta2});
    const auto epsilon = static_cast<Scalar>(options.epsilon);
    require(epsilon > 0 && std::isfinite(epsilon), {"Adam needs an epsilon > 0; got ", options.epsilon});
    require(options.weight_decay >= 0 && std::isfinite(options.weight_decay),
            {"Adam needs a weight_decay >= 0; got ", options.weight_decay});
  }

  void reset() {
    first_.setZero();
    second_.setZero();
    steps_ = 0;
  }

  /// Errors: parameters or gradient of another size than the optimiser's.
  void step(Eigen::Ref<Vector<Scalar>> parameters, const Eigen::Ref<const Vector<Scalar>>& gradient,
            double rate) {
    const Index size = first_.size();
    require(parameters.size() == size && gradient.size() == size,
            "Adam needs parameters and gradient of the size it was made for");
    ++steps_;
    const auto b1 = static_cast<Scalar>(options_.beta1), b2 = static_cast<Scalar>(options_.beta2);
    const double correction1 = 1.0 - std::pow(options_.beta1, steps_);
    const double correction2 = 1.0 - std::pow(options_.beta2, steps_);
    const auto scale = static_cast<Scalar>(rate / correction1);
    const auto root = static_cast<Scalar>(1.0 / std::sqrt(correction2));
    const auto keep = static_cast<Scalar>(1.0 - rate * options_.weight_decay);
    const auto epsilon = static_cast<Scalar>(options_.epsilon);
    Scalar *theta = parameters.data(), *m = first_.data(), *v = second_.data();
    elementwise<Scalar>(
        size, [&, g = gradient.data() ]<class V>(Index i, V) __attribute__((always_inline)) {
          const V slope = read<V>(g + i);
          const V first = read<V>(m + i) + (Scalar(1) - b1) * (slope - read<V>(m + i));
          const V second = read<V>(v + i) + (Scalar(1) - b2) * (slope * slope - read<V>(v + i));
          write(m + i, first);
          write(v + i, second);
          write(theta + i,
                keep * read<V>(theta + i) - scale * first / (root * square_root<Scalar>(second) + epsilon));
        });
  }

 private:
  Options options_;
  Vector<Scalar> first_, second_;
  Index steps_ = 0;
};

}  // namespace metriplex
