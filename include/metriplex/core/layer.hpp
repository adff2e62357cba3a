#pragma once

#include <type_traits>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Describes one affine layer of a network to those who act on layers (modulations, files).
struct LayerShape {
  int out, in;
  int index;  ///< 0 for the first
  bool last;  ///< the output layer
};

/// A view of one layer inside a flat vector; `Scalar` may be const.
template <class Scalar>
struct LayerView {
  using Plain = std::remove_const_t<Scalar>;
  template <class T>
  using Like = std::conditional_t<std::is_const_v<Scalar>, const T, T>;
  Eigen::Map<Like<Matrix<Plain>>, 0, Eigen::OuterStride<>> weight;  ///< [out x in]
  Eigen::Map<Like<Vector<Plain>>> bias;                             ///< [out]

  /// Points to column j of the weight, `out` contiguous scalars.
  Scalar* column(Index j) { return weight.data() + j * weight.outerStride(); }
  const Scalar* column(Index j) const { return weight.data() + j * weight.outerStride(); }
};

}  // namespace metriplex
