#pragma once

#include <algorithm>

#include "metriplex/nn/mlp.hpp"

namespace metriplex {

/// How many points a tile holds: four registers (of AVX-512, of AVX2), so that a layer's products run from registers,
/// what passes from one product to the next stays in the first-level cache, and a whole sweep in the second-level one.
template <RealScalar Scalar>
inline constexpr int tile_points = (register_count == 32 ? 256 : 128) / static_cast<int>(sizeof(Scalar));

/// Places what stays of every layer between the passes of a `GradientSweep`, in one array of scalars.
///
/// What can be had again from what is there is not stored: a store costs more than the arithmetic.
/// A tile is points first, [Points x width]. Values h and tangents e share columns, [2·Points x width], so
/// that the two terms of a weight gradient are one product of twice the depth.
template <class Net, RealScalar Scalar, int Points>
struct SweepLayout {
  static constexpr int width(int l) { return Net::sizes[static_cast<std::size_t>(l)]; }
  /// A tile of layer l and a gap: tiles of a power of two would meet in the same sets of the cache.
  static constexpr int area(int l) { return Points * width(l) + 1088 / static_cast<int>(sizeof(Scalar)); }
  static constexpr int column = 2 * Points;  ///< distance of h's columns
  static constexpr int tangent = Points;     ///< distance from h to e

  /// Whether σ'', then σ'' ⊙ g, has a tile of its own, since it does not follow from h, σ' and δ.
  static constexpr bool stores_curvature = !SecondFromFirst<typename Net::Activation>;

  /// h and e of layer l; layer 0, the input, has no more than these.
  static constexpr int values(int l) {
    int offset = 0;
    for (int k = 0; k < l; ++k) offset += (k == 0 ? 2 : stores_curvature ? 6 : 5) * area(k);
    return offset;
  }
  static constexpr int slope(int l) { return values(l) + 2 * area(l); }  ///< σ'
  static constexpr int adjoint(int l) { return slope(l) + area(l); }     ///< δ
  static constexpr int pulled(int l) { return adjoint(l) + area(l); }    ///< t, then a
  static constexpr int curvature(int l) { return pulled(l) + area(l); }  ///< σ'', then σ'' ⊙ g, if stored
  static constexpr int sides = values(Net::layers);                      ///< a and δ, transposed
  static constexpr int size = sides + 2 * Points * [] {
    int widest = 0;
    for (int l = 0; l < Net::layers; ++l) widest = std::max(widest, round_up(width(l), lanes<Scalar>));
    return widest;
  }();
};

}  // namespace metriplex
