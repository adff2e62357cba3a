#pragma once

#include <algorithm>

#include "metriplex/autodiff/dual_std.hpp"
#include "metriplex/nn/plus.hpp"
#include "metriplex/nn/scaling.hpp"

namespace metriplex {

/// Adds the known part of a potential at a tile of points, and pulls cotangents back; by dual numbers, a point at a time.
///
/// Math: value Φ(x), slopes ∇Φ(x); of cotangents s and d, dx = s∇Φ + ∇²Φ d.
/// Shapes: tiles are points first: x, d_x [Points x dim], of which the rows from `First` on are seen; slopes [Points x Rows].
/// Cost: a gradient of Φ, or of its slope along d, a point.
template <class Known, int First, int Rows, RealScalar Scalar, int Points>
class KnownPart {
  alignas(64) Scalar x_[Points * Rows];

 public:
  /// Adds the value, unless null, and the slopes.
  template <int Dim>
  void add(const Scaling<Scalar, Dim>& scale, const Scalar* x, Scalar* value, Scalar* slopes) {
    using T = Dual<Scalar, Rows>;
    for (int p = 0; p < Points; ++p) {
      Vector<T, Rows> at;
      for (int i = 0; i < Rows; ++i) {
        x_[i * Points + p] = x[(First + i) * Points + p] + scale.origin[First + i];
        at[i] = x_[i * Points + p];
        at[i].tangent[static_cast<std::size_t>(i)] = Scalar(1);
      }
      const T known = Known::energy(at);
      if (value != nullptr) value[p] += known.value;
      for (int i = 0; i < Rows; ++i) slopes[i * Points + p] += known.tangent[static_cast<std::size_t>(i)];
    }
  }

  /// Adds to the states' cotangents what follows from those of the value, unless null, and the slopes. Follows an `add`.
  void pullback(const Scalar* d_value, const Scalar* d_slopes, Scalar* d_x) const {
    using Along = Dual<Scalar, 1>;
    using T = Dual<Along, Rows>;
    for (int p = 0; p < Points; ++p) {
      Vector<T, Rows> at;
      for (int i = 0; i < Rows; ++i) {
        at[i] = T(Along{x_[i * Points + p], {d_slopes[i * Points + p]}});
        at[i].tangent[static_cast<std::size_t>(i)] = Along(Scalar(1));
      }
      const T known = Known::energy(at);
      for (int i = 0; i < Rows; ++i) {
        const Along& slope = known.tangent[static_cast<std::size_t>(i)];
        d_x[(First + i) * Points + p] +=
            slope.tangent[0] + (d_value != nullptr ? d_value[p] * slope.value : Scalar(0));
      }
    }
  }
};

}  // namespace metriplex
