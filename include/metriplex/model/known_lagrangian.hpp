#pragma once

#include "metriplex/autodiff/dual_std.hpp"
#include "metriplex/nn/curvatures.hpp"
#include "metriplex/nn/plus.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Adds the known part Φ of a Lagrangian at a tile of points, and pulls cotangents back; by dual numbers, a point at a time.
///
/// Math: `Role::lagrangian` of Φ(q, v) − ½ṽᵀṽ, since the structure adds ½ṽᵀṽ to what a network learns, and Φ has a kinetic energy of its own.
/// Shapes: tiles are points first: x, d_x [Points x dim]; outputs [Points x columns].
/// Cost: third derivatives of Φ, in dim directions a point.
template <class Known, class Structure, int k, RealScalar Scalar, int Points>
class KnownLagrangian {
  static constexpr NetworkSlot slot = Structure::networks[static_cast<std::size_t>(k)];
  static constexpr int rows = slot.rows, half = rows / 2;
  alignas(64) Scalar x_[Points * rows];
  Scalar unit_[half];

 public:
  /// Adds to the outputs. (A potential would have its value apart.)
  template <int Dim>
  void add(const Scaling<Scalar, Dim>& scale, const Scalar* x, Scalar*, Scalar* outputs) {
    for (int i = 0; i < half; ++i) unit_[i] = 1 / scale.inverse_scale[slot.first + half + i];
    for (int p = 0; p < Points; ++p) {
      Vector<Scalar, rows> at;
      for (int i = 0; i < rows; ++i)
        at[i] = x_[i * Points + p] = x[(slot.first + i) * Points + p] + scale.origin[slot.first + i];
      derive(at, [&](int column, const Scalar& value) { outputs[column * Points + p] += value; });
    }
  }

  /// Adds to the states' cotangents what follows from those of the outputs. Follows an `add`.
  void pullback(const Scalar*, const Scalar* d_outputs, Scalar* d_x) const {
    using T = Dual<Scalar, rows>;
    for (int p = 0; p < Points; ++p) {
      Vector<T, rows> at;
      for (int i = 0; i < rows; ++i) {
        at[i] = x_[i * Points + p];
        at[i].tangent[static_cast<std::size_t>(i)] = Scalar(1);
      }
      T paired(Scalar(0));
      derive(at, [&](int column, const T& value) { paired += d_outputs[column * Points + p] * value; });
      for (int i = 0; i < rows; ++i)
        d_x[(slot.first + i) * Points + p] += paired.tangent[static_cast<std::size_t>(i)];
    }
  }

 private:
  /// Calls take(column, value) for value, slopes and the second derivatives of an equation of motion at (q, v).
  template <class T, class Take>
  void derive(const Vector<T, rows>& at, const Take& take) const {
    using Slopes = Dual<T, rows>;
    using Second = Dual<Slopes, half>;  // by v
    Vector<Second, rows> lifted;
    for (int i = 0; i < rows; ++i) {
      Slopes number(at[i]);
      number.tangent[static_cast<std::size_t>(i)] = T(Scalar(1));
      lifted[i] = Second(number);
      if (i >= half) lifted[i].tangent[static_cast<std::size_t>(i - half)] = Slopes(T(Scalar(1)));
    }
    const Second known = Known::lagrangian(lifted);
    const auto slope = [](const Slopes& number, int i) {
      return number.tangent[static_cast<std::size_t>(i)];
    };
    T kinetic(Scalar(0));
    for (int i = 0; i < half; ++i) kinetic += at[half + i] * at[half + i] / (2 * unit_[i] * unit_[i]);
    take(0, known.value.value - kinetic);
    for (int i = 0; i < half; ++i) {
      take(1 + i, slope(known.value, i));
      take(1 + half + i, slope(known.value, half + i) - at[half + i] / (unit_[i] * unit_[i]));
    }
    for_each_curvature<half>([&](int i, int j, int index) {
      const Slopes& by = known.tangent[static_cast<std::size_t>(i)];
      T sum(Scalar(0));
      if (j < half) sum = slope(by, half + j);
      if (i == j) sum -= 1 / (unit_[i] * unit_[i]);
      for (int l = 0; j == half && l < half; ++l) sum += slope(by, l) * at[half + l];
      take(1 + rows + index, sum);
    });
  }
};

}  // namespace metriplex
