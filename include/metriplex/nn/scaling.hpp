#pragma once

#include <cmath>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Scales states and energy *inside* the potential, so that the structure stays exact whatever the scaling.
///
/// Math: H(x) = c · N((x − m) ⊘ s), ∇H = c · (∇N) ⊘ s for a network N.
/// Units: m and s are those of x, c that of an energy; the network sees pure numbers.
template <RealScalar Scalar, int Dim>
struct Scaling {
  Vector<Scalar, Dim> mean = Vector<Scalar, Dim>::Zero();           ///< m
  Vector<Scalar, Dim> inverse_scale = Vector<Scalar, Dim>::Ones();  ///< 1/s
  Scalar energy = Scalar(1);                                        ///< c
  Scalar entropy = Scalar(1);                                       ///< c of a learned entropy
  Scalar friction = Scalar(1);  ///< unit of what enters friction squared, beside two gradients of the energy

  /// Fits m and s to the mean and deviation of the states, c to the size of the field times that of the
  /// states; entropies so that their slope is about 1, and friction so that it is as large as the field.
  ///
  /// Shapes: x, dx [Dim x points].
  /// Errors: fewer than two points, or a different number of dx.
  template <class Derived, class OtherDerived>
  static Scaling fit(const Eigen::MatrixBase<Derived>& x, const Eigen::MatrixBase<OtherDerived>& dx) {
    require(x.cols() >= 2 && x.cols() == dx.cols() && x.rows() == Dim && dx.rows() == Dim,
            {"fitting a scaling needs states and derivatives [", Dim, " x n] of the same n >= 2; got [",
             x.rows(), " x ", x.cols(), "] and [", dx.rows(), " x ", dx.cols(), "]"});
    const auto count = static_cast<double>(x.cols());
    Scaling scaling;
    double scale_square = 0.0, speed_square = 0.0;
    for (int i = 0; i < Dim; ++i) {
      double sum = 0.0, square = 0.0;
      for (Index p = 0; p < x.cols(); ++p) sum += static_cast<double>(x(i, p));
      const double mean = sum / count;
      for (Index p = 0; p < x.cols(); ++p) {
        const double away = static_cast<double>(x(i, p)) - mean, rate = static_cast<double>(dx(i, p));
        square += away * away;
        speed_square += rate * rate / (count * Dim);
      }
      const double deviation = std::sqrt(square / count);
      // A component that never moves needs no scale; the rounding of its mean is not motion.
      const double scale = deviation > 1e-9 * std::abs(mean) ? deviation : 1.0;
      scale_square += scale * scale / Dim;
      scaling.mean[i] = static_cast<Scalar>(mean);
      scaling.inverse_scale[i] = static_cast<Scalar>(1.0 / scale);
    }
    scaling.energy = static_cast<Scalar>(speed_square > 0 ? std::sqrt(speed_square * scale_square) : 1.0);
    scaling.entropy = static_cast<Scalar>(std::sqrt(scale_square));
    scaling.friction = static_cast<Scalar>(speed_square > 0 ? std::pow(speed_square, -0.25) : 1.0);
    return scaling;
  }
};

}  // namespace metriplex
