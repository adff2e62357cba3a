#pragma once

#include <algorithm>
#include <array>
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
  /// What an error of each component of the rate counts in a loss; it changes no field.
  Vector<Scalar, Dim> rate_weight = Vector<Scalar, Dim>::Ones();
  /// Root mean square error of the trained field at the measurements it was trained on; 0 where that is not known.
  Vector<Scalar, Dim> rate_error = Vector<Scalar, Dim>::Zero();

  /// Fits m and s to the mean and deviation of the states, c to the size of the field times that of the
  /// states.
  ///
  /// Shapes: x, dx [Dim x points].
  /// Errors: fewer than two points, or a different number of dx.
  template <class Derived, class OtherDerived>
  static Scaling fit(const Eigen::MatrixBase<Derived>& x, const Eigen::MatrixBase<OtherDerived>& dx) {
    Scaling scaling;
    scaling.fit_states(x, dx);
    return scaling;
  }

  /// Fits likewise for a field with friction, whose entropies move slowly beside the rest: squared errors count by the
  /// inverse of their component's size, half way between all alike and all relative; friction explains the
  /// production of entropy that was measured.
  ///
  /// Math: (∇S·ẋ) = ∇S·M∇S ~ friction² ‖∇E‖²‖∇S‖² with ‖∇E‖ ~ ‖ẋ‖; where ∇S is not known, entropies have a slope of about 1,
  /// and friction is taken for a tenth of the field. Rates do not show the temperatures ∂E/∂S, which add to what
  /// the energy varies by: c is `energy_gain` as large.
  /// Shapes: x, dx [Dim x points]; entropy_slope, the known part of ∇S.
  /// Errors: as `fit`.
  template <class Derived, class OtherDerived>
  static Scaling fit_dissipative(const Eigen::MatrixBase<Derived>& x,
                                 const Eigen::MatrixBase<OtherDerived>& dx,
                                 const std::array<double, Dim>& entropy_slope) {
    constexpr double energy_gain = 4.0, learned_part = 0.1;
    Scaling scaling;
    const double speed = scaling.fit_states(x, dx);
    scaling.energy *= static_cast<Scalar>(energy_gain);
    double production = 0.0, slope_square = 0.0, scale_square = 0.0;
    for (int i = 0; i < Dim; ++i) {
      double total = 0.0, square = 0.0;
      for (Index p = 0; p < dx.cols(); ++p) {
        const auto rate = static_cast<double>(dx(i, p));
        total += rate;
        square += rate * rate;
      }
      const double slope = entropy_slope[static_cast<std::size_t>(i)], count = static_cast<double>(dx.cols());
      production += slope * total / count;
      slope_square += slope * slope;
      scale_square += 1.0 / (Dim * std::pow(static_cast<double>(scaling.inverse_scale[i]), 2));
      // A component that hardly moves does not count without bound.
      scaling.rate_weight[i] =
          static_cast<Scalar>(speed > 0 ? speed / std::max(std::sqrt(square / count), 1e-3 * speed) : 1.0);
    }
    scaling.entropy = static_cast<Scalar>(std::sqrt(scale_square));
    if (speed > 0)
      scaling.friction = static_cast<Scalar>(production > 0 && slope_square > 0
                                                 ? std::sqrt(production / (slope_square * Dim)) / speed
                                                 : std::sqrt(learned_part / speed));
    return scaling;
  }

 private:
  /// Fits what every field needs; returns the root mean square of the rates.
  template <class Derived, class OtherDerived>
  double fit_states(const Eigen::MatrixBase<Derived>& x, const Eigen::MatrixBase<OtherDerived>& dx) {
    require(x.cols() >= 2 && x.cols() == dx.cols() && x.rows() == Dim && dx.rows() == Dim,
            {"fitting a scaling needs states and derivatives [", Dim, " x n] of the same n >= 2; got [",
             x.rows(), " x ", x.cols(), "] and [", dx.rows(), " x ", dx.cols(), "]"});
    const auto count = static_cast<double>(x.cols());
    double scale_square = 0.0, speed_square = 0.0;
    for (int i = 0; i < Dim; ++i) {
      double sum = 0.0, square = 0.0;
      for (Index p = 0; p < x.cols(); ++p) sum += static_cast<double>(x(i, p));
      const double average = sum / count;
      for (Index p = 0; p < x.cols(); ++p) {
        const double away = static_cast<double>(x(i, p)) - average, rate = static_cast<double>(dx(i, p));
        square += away * away;
        speed_square += rate * rate / (count * Dim);
      }
      const double deviation = std::sqrt(square / count);
      // A component that never moves needs no scale; the rounding of its mean is not motion.
      const double scale = deviation > 1e-9 * std::abs(average) ? deviation : 1.0;
      scale_square += scale * scale / Dim;
      mean[i] = static_cast<Scalar>(average);
      inverse_scale[i] = static_cast<Scalar>(1.0 / scale);
    }
    energy = static_cast<Scalar>(speed_square > 0 ? std::sqrt(speed_square * scale_square) : 1.0);
    return std::sqrt(speed_square);
  }
};

}  // namespace metriplex
