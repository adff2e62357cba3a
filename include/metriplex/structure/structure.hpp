#pragma once

#include <array>
#include <concepts>
#include <string_view>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// A scalar potential that a structure asks of the networks, with the rows of the state that it sees.
struct Potential {
  std::string_view name;
  int first, rows;
};

/// Turns gradients of potentials into a vector field, and pulls cotangents back; the physics is in this map,
/// so no weights can break it.
///
/// Points are rows here, as in the kernels' tiles: gradients [points x sum of the potentials' rows], one
/// potential after the other; fields [points x dim].
template <class S>
concept Structure = requires(const Matrix<double>& in, Matrix<double>& out) {
  // A name, for model files and tables.
  { S::name } -> std::convertible_to<std::string_view>;
  // How many components a state has.
  { S::dim } -> std::convertible_to<int>;
  // Whether the field is dq/dt = ∂H/∂p, dp/dt = −∂H/∂q of the potentials' sum; explicit splittings need `separable` too.
  { S::canonical } -> std::convertible_to<bool>;
  { S::separable } -> std::convertible_to<bool>;
  // The potentials it needs; their sum is the energy.
  { S::potentials.size() } -> std::convertible_to<std::size_t>;
  { S::potentials[0] } -> std::convertible_to<Potential>;
  // field(gradients, dx): writes the field.
  S::field(in, out);
  // pullback(d_dx, d_gradients): writes the gradients' cotangents.
  S::pullback(in, out);
};

/// Counts the columns of a structure's gradients.
template <Structure S>
inline constexpr int gradient_columns = [] {
  int columns = 0;
  for (const Potential& potential : S::potentials) columns += potential.rows;
  return columns;
}();

/// Applies the canonical symplectic matrix to gradients ordered as (∂q, ∂p).
///
/// Math: q̇ = ∂H/∂p, ṗ = −∂H/∂q.
template <class In, class Out>
void apply_canonical(const In& gradient, Out& dx) {
  const Index half = gradient.cols() / 2;
  for (Index i = 0; i < half; ++i)
    for (Index p = 0; p < gradient.rows(); ++p) {
      dx(p, i) = gradient(p, half + i);
      dx(p, half + i) = -gradient(p, i);
    }
}

/// Applies its transpose, which is its inverse.
template <class In, class Out>
void apply_canonical_transposed(const In& d_dx, Out& d_gradient) {
  const Index half = d_dx.cols() / 2;
  for (Index i = 0; i < half; ++i)
    for (Index p = 0; p < d_dx.rows(); ++p) {
      d_gradient(p, half + i) = d_dx(p, i);
      d_gradient(p, i) = -d_dx(p, half + i);
    }
}

}  // namespace metriplex
