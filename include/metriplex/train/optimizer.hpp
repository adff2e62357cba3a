#pragma once

#include <cmath>
#include <concepts>
#include <span>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/parameter_matrix.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/nn/elementwise.hpp"

namespace metriplex {

/// Moves parameters against a gradient.
template <class O>
concept Optimizer = requires(O optimizer, typename O::Options options, Index size, double rate,
                             Eigen::Ref<Vector<typename O::Scalar>> parameters,
                             const Eigen::Ref<const Vector<typename O::Scalar>>& gradient) {
  // Options are an aggregate: O({.weight_decay = 1e-4}, size).
  O(options, size);
  // reset() forgets all moments.
  optimizer.reset();
  // step(parameters, gradient, rate) moves the parameters once.
  optimizer.step(parameters, gradient, rate);
};

/// An optimiser that wants to know which of the parameters are matrices.
template <class O>
concept MatrixOptimizer = Optimizer<O> &&
    requires(typename O::Options options, Index size, std::span<const ParameterMatrix> matrices) {
  O(options, size, matrices);
};

/// Scales a gradient down to norm `limit` if it is longer; a limit of 0 leaves it. Returns the norm before.
template <class Scalar>
double clip_norm(Eigen::Ref<Vector<Scalar>> gradient, double limit) {
  const double norm = std::sqrt(squared_norm(gradient.data(), gradient.size()));
  if (limit > 0 && norm > limit) scale_by(gradient.size(), limit / norm, gradient.data());
  return norm;
}

}  // namespace metriplex
