#pragma once

#include <cmath>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/nn/scaling.hpp"

namespace metriplex {

/// Checks a set of measurements at a boundary.
///
/// Errors: none, x and dx of different shapes, a NaN or Inf; `who` names the caller in the message.
template <int Dim, class X, class DX>
void require_measurements(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx, const char* who) {
  require(x.rows() == Dim && x.cols() == dx.cols() && dx.rows() == Dim && x.cols() >= 1,
          {who, " needs at least one measurement, states and derivatives [", Dim, " x shots]; got [",
           x.rows(), " x ", x.cols(), "] and [", dx.rows(), " x ", dx.cols(), "]"});
  for (Index p = 0; p < x.cols(); ++p)
    for (int i = 0; i < Dim; ++i)
      require(std::isfinite(x(i, p)) && std::isfinite(dx(i, p)),
              {who, " needs finite measurements; got a NaN or Inf in measurement ", p});
}

/// Returns the mean square of rates, as losses weigh their components.
///
/// Shapes: dx [Dim x points].
template <RealScalar Scalar, int Dim, class DX>
double weighted_square(const Scaling<Scalar, Dim>& scaling, const DX& dx) {
  double total = 0.0;
  for (Index p = 0; p < dx.cols(); ++p)
    for (int i = 0; i < Dim; ++i)
      total += static_cast<double>(scaling.rate_weight[i]) * std::pow(static_cast<double>(dx(i, p)), 2);
  return total / static_cast<double>(dx.size());
}

/// Divides squared errors: the mean square of the measured derivatives, or, where all of them are (nearly)
/// zero, the square of the speed that the model's scaling expects.
///
/// Shapes: dx [Dim x points].
template <RealScalar Scalar, int Dim, class DX>
double reference_square(const Scaling<Scalar, Dim>& scaling, const DX& dx) {
  const double measured = weighted_square(scaling, dx);
  double speed = 0.0;
  for (int i = 0; i < Dim; ++i) speed += static_cast<double>(scaling.energy * scaling.inverse_scale[i]) / Dim;
  const Vector<double, Dim> expected = Vector<double, Dim>::Constant(speed);
  const double least = weighted_square(scaling, expected);
  return measured > 1e-12 * least ? measured : least;
}

/// Holds measurements of one system, checked, with the weight that makes a `FieldLoss` over them their relative
/// mean squared error.
template <RealScalar Scalar, int Dim>
struct Measurements {
  Matrix<Scalar, Dim> x, dx;
  Scalar weight;  ///< 1/(shots · dim · `reference_square`)

  /// Shapes: x, dx [Dim x shots].
  /// Errors: as `require_measurements`.
  template <class X, class DX>
  Measurements(const Eigen::MatrixBase<X>& states, const Eigen::MatrixBase<DX>& rates,
               const Scaling<Scalar, Dim>& scaling, const char* who) {
    require_measurements<Dim>(states, rates, who);
    x = states.template cast<Scalar>();
    dx = rates.template cast<Scalar>();
    weight = static_cast<Scalar>(1.0 / (reference_square(scaling, dx) * static_cast<double>(x.size())));
  }
};

}  // namespace metriplex
