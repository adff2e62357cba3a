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

  /// Fits m and s to the mean and deviation of the states, c to the size of the field times that of the
  /// states.
  ///
  /// Shapes: x, dx [Dim x points].
  /// Errors: fewer than two points, or a different number of dx.
  template <class Derived, class OtherDerived>
  static Scaling fit(const Eigen::MatrixBase<Derived>& x, const Eigen::MatrixBase<OtherDerived>& dx) {
    require(x.cols() >= 2 && x.cols() == dx.cols() && x.rows() == Dim && dx.rows() == Dim, [&] {
      return "fitting a scaling needs states and derivatives [" + std::to_string(Dim) +
             " x n] of the same n >= 2; got [" + std::to_string(x.rows()) + " x " + std::to_string(x.cols()) +
             "] and [" + std::to_string(dx.rows()) + " x " + std::to_string(dx.cols()) + "]";
    });
    const Vector<double, Dim> mean = x.template cast<double>().rowwise().mean();
    Vector<double, Dim> scale;
    for (int i = 0; i < Dim; ++i) {
      const double deviation =
          std::sqrt((x.row(i).template cast<double>().array() - mean[i]).square().mean());
      // A component that never moves needs no scale; the rounding of its mean is not motion.
      scale[i] = deviation > 1e-9 * std::abs(mean[i]) ? deviation : 1.0;
    }
    const double speed = std::sqrt(dx.template cast<double>().squaredNorm() / static_cast<double>(dx.size()));
    const double size = std::sqrt(scale.squaredNorm() / Dim);
    Scaling scaling;
    scaling.mean = mean.template cast<Scalar>();
    scaling.inverse_scale = scale.cwiseInverse().template cast<Scalar>();
    scaling.energy = static_cast<Scalar>(speed > 0 ? speed * size : 1.0);
    return scaling;
  }
};

}  // namespace metriplex
