#pragma once

#include "metriplex/core/error.hpp"
#include "metriplex/nn/elementwise.hpp"
#include "metriplex/train/optimizer.hpp"

namespace metriplex {

/// What one step of Adam multiplies by: its betas, and its rate and its moments' corrections in one.
template <RealScalar Scalar>
struct AdamStep {
  Scalar beta1, beta2, epsilon, scale, root, keep;

  /// Takes the options of an Adam at its step `number`, counted from 1.
  template <class Options>
  AdamStep(const Options& options, Index number, double rate)
      : beta1(static_cast<Scalar>(options.beta1)),
        beta2(static_cast<Scalar>(options.beta2)),
        epsilon(static_cast<Scalar>(options.epsilon)),
        scale(static_cast<Scalar>(rate / (1.0 - std::pow(options.beta1, number)))),
        root(static_cast<Scalar>(1.0 / std::sqrt(1.0 - std::pow(options.beta2, number)))),
        keep(static_cast<Scalar>(1.0 - rate * options.weight_decay)) {}

  /// Moves the moments m and v by a gradient g, and hands over what the parameters move by, but for decay:
  /// take(i, change) for numbers and packs.
  ///
  /// Shapes: g, m, v [n].
  template <class Take>
  [[gnu::always_inline]] void operator()(Index n, const Scalar* g, Scalar* m, Scalar* v, Take&& take) const {
    elementwise<Scalar>(
        n, [&, *this ]<class V>(Index i, V) __attribute__((always_inline)) {
          const V slope = read<V>(g + i);
          const V first = read<V>(m + i) + (Scalar(1) - beta1) * (slope - read<V>(m + i));
          const V second = read<V>(v + i) + (Scalar(1) - beta2) * (slope * slope - read<V>(v + i));
          write(m + i, first);
          write(v + i, second);
          take(i, scale * first / (root * square_root<Scalar>(second) + epsilon));
        });
  }

  /// Moves the moments, and the parameters theta [n] with them.
  void move(Index n, const Scalar* g, Scalar* m, Scalar* v, Scalar* theta) const {
    (*this)(
        n, g, m, v, [ theta, keep = keep ]<class V>(Index i, const V& change) __attribute__((always_inline)) {
          write(theta + i, keep * read<V>(theta + i) - change);
        });
  }
};

/// Refuses options of Adam that would stop it, or divide by 0, in the precision of its numbers.
template <RealScalar Scalar, class Options>
void require_adam_options(const char* who, const Options& options) {
  const auto averages = [](double beta) { return beta >= 0 && static_cast<Scalar>(beta) < Scalar(1); };
  require(averages(options.beta1) && averages(options.beta2),
          {who, " needs 0 <= beta1, beta2 < 1; got ", options.beta1, " and ", options.beta2});
  const auto epsilon = static_cast<Scalar>(options.epsilon);
  require(epsilon > 0 && std::isfinite(epsilon), {who, " needs an epsilon > 0; got ", options.epsilon});
  require(options.weight_decay >= 0 && std::isfinite(options.weight_decay),
          {who, " needs a weight_decay >= 0; got ", options.weight_decay});
}

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

  /// What meta-training starts from: short memories, which gradients there outlive less than they do the paper's.
  static constexpr Options training_options() { return {.beta1 = 0.95, .beta2 = 0.95}; }
  static constexpr double training_rate = 5e-3;

  /// Errors: options that would stop it, or divide by 0, in the precision of its numbers.
  Adam(const Options& options, Index size)
      : options_(options), first_(Vector<Scalar>::Zero(size)), second_(Vector<Scalar>::Zero(size)) {
    require_adam_options<Scalar>("Adam", options);
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
    AdamStep<Scalar>(options_, ++steps_, rate)
        .move(size, gradient.data(), first_.data(), second_.data(), parameters.data());
  }

  /// Lists what the next step goes on from, for `StateArchive`.
  template <class Archive>
  void serialize(Archive& archive) {
    archive(first_, second_, steps_);
  }

 private:
  Options options_;
  Vector<Scalar> first_, second_;
  Index steps_ = 0;
};

}  // namespace metriplex
