#pragma once

#include <algorithm>

#include "metriplex/nn/mlp.hpp"

namespace metriplex {

/// How many points a tile holds: four registers of the widest kind, so that a layer's products run from
/// registers and a whole sweep stays in the second-level cache.
template <RealScalar Scalar>
inline constexpr int tile_points = 256 / static_cast<int>(sizeof(Scalar));

/// Places what stays of every layer between the passes of a `GradientSweep`, in one array of scalars.
///
/// A tile is points first, [Points x width]; one point alone is a padded vector. Values h and tangents e
/// share columns, [2·Points x width], so that the two terms of a weight gradient are one product of twice the
/// depth.
template <class Net, RealScalar Scalar, int Points>
struct SweepLayout {
  static constexpr bool single = Points == 1;
  static constexpr int width(int l) { return Net::sizes[static_cast<std::size_t>(l)]; }
  static constexpr int padded(int l) { return round_up(width(l), MlpLayout<Net, Scalar>::alignment); }
  static constexpr int area(int l) { return single ? padded(l) : Points * width(l); }
  static constexpr int widest = [] {
    int most = 0;
    for (int l = 0; l < Net::layers; ++l) most = std::max(most, padded(l));
    return most;
  }();

  static constexpr int column = single ? widest : 2 * Points;  ///< distance of h's columns
  static constexpr int tangent = single ? widest : Points;     ///< distance from h to e
  static constexpr int stacked(int l) { return single ? 2 * widest : 2 * Points * width(l); }

  /// h and e of layer l; layer 0, the input, has no more than these.
  static constexpr int values(int l) {
    int offset = 0;
    for (int k = 0; k < l; ++k) offset += stacked(k) + (k == 0 ? 0 : 3 * area(k));
    return offset;
  }
  static constexpr int slope(int l) { return values(l) + stacked(l); }  ///< σ'
  static constexpr int curvature(int l) { return slope(l) + area(l); }  ///< σ'', then σ''⊙g, σ''⊙g⊙t, then a
  static constexpr int adjoint(int l) { return curvature(l) + area(l); }  ///< g, then δ
  static constexpr int scratch = values(Net::layers);
  static constexpr int size = scratch + (single ? widest : 2 * Points * widest);
};

}  // namespace metriplex
