#pragma once

#include <algorithm>

#include "metriplex/autodiff/dual_std.hpp"
#include "metriplex/nn/plus.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Adds the known part of a potential at a tile of points, and pulls cotangents back; by dual numbers, a point at a time.
///
/// Math: value Φ(x), slopes ∇Φ(x); of cotangents s and d, dx = s∇Φ + ∇²Φ d.
/// Shapes: tiles are points first: x, d_x [Points x dim], of which network k of the structure sees some rows; slopes [Points x rows].
/// Cost: a gradient of Φ, or of its slope along d, a point.
template <class Known, class Structure, int k, RealScalar Scalar, int Points>
class KnownPart {
  static constexpr NetworkSlot slot = Structure::networks[static_cast<std::size_t>(k)];
  static constexpr int rows = slot.rows;
  alignas(64) Scalar x_[Points * rows];

 public:
  /// Adds the value, unless null, and the slopes.
  template <int Dim>
  void add(const Scaling<Scalar, Dim>& scale, const Scalar* x, Scalar* value, Scalar* slopes) {
    using T = Dual<Scalar, rows>;
    for (int p = 0; p < Points; ++p) {
      Vector<T, rows> at;
      for (int i = 0; i < rows; ++i) {
        x_[i * Points + p] = x[slot.row(i) * Points + p] + scale.origin[slot.row(i)];
        at[i] = x_[i * Points + p];
        at[i].tangent[static_cast<std::size_t>(i)] = Scalar(1);
      }
      const T known = Known::energy(at);
      if (value != nullptr) value[p] += known.value;
      for (int i = 0; i < rows; ++i) slopes[i * Points + p] += known.tangent[static_cast<std::size_t>(i)];
    }
  }

  /// Adds to the states' cotangents what follows from those of the value, unless null, and the slopes. Follows an `add`.
  void pullback(const Scalar* d_value, const Scalar* d_slopes, Scalar* d_x) const {
    using Along = Dual<Scalar, 1>;
    using T = Dual<Along, rows>;
    for (int p = 0; p < Points; ++p) {
      Vector<T, rows> at;
      for (int i = 0; i < rows; ++i) {
        at[i] = T(Along{x_[i * Points + p], {d_slopes[i * Points + p]}});
        at[i].tangent[static_cast<std::size_t>(i)] = Along(Scalar(1));
      }
      const T known = Known::energy(at);
      for (int i = 0; i < rows; ++i) {
        const Along& slope = known.tangent[static_cast<std::size_t>(i)];
        d_x[slot.row(i) * Points + p] +=
            slope.tangent[0] + (d_value != nullptr ? d_value[p] * slope.value : Scalar(0));
      }
    }
  }
};

}  // namespace metriplex
