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

/// Checks measurements with weights, of which those that are 0 are missing; null weights are ones.
///
/// Errors: as `require_measurements`, but for what is missing; weights of another shape, negative or NaN, all 0.
template <int Dim, class X, class DX, class W>
void require_weighted_measurements(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx,
                                   const W* weights, const char* who) {
  if (weights == nullptr) return require_measurements<Dim>(x, dx, who);
  require(
      x.rows() == Dim && dx.rows() == Dim && weights->rows() == Dim && x.cols() == dx.cols() &&
          x.cols() == weights->cols(),
      {who, " needs states, derivatives and weights [", Dim, " x shots]; got [", x.rows(), " x ", x.cols(),
       "], [", dx.rows(), " x ", dx.cols(), "] and [", weights->rows(), " x ", weights->cols(), "]"});
  bool any = false;
  for (Index p = 0; p < x.cols(); ++p) {
    bool seen = false, finite = true;
    for (int i = 0; i < Dim; ++i) {
      const auto weight = (*weights)(i, p);
      require(std::isfinite(weight) && weight >= 0,
              {who, " needs weights >= 0; got another in measurement ", p});
      seen = seen || weight > 0;
      finite = finite && std::isfinite(x(i, p)) && (weight == 0 || std::isfinite(dx(i, p)));
    }
    require(!seen || finite, {who, " needs finite measurements; got a NaN or Inf in measurement ", p});
    any = any || seen;
  }
  require(any, {who, " needs at least one measurement; all ", x.cols(), " have a weight of 0"});
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

/// Returns the speed that a model's scaling expects of each component.
template <RealScalar Scalar, int Dim>
double expected_speed(const Scaling<Scalar, Dim>& scaling) {
  double speed = 0.0;
  for (int i = 0; i < Dim; ++i) speed += static_cast<double>(scaling.energy * scaling.inverse_scale[i]) / Dim;
  return speed;
}

/// Divides squared errors: the mean square of the measured derivatives, or, where all of them are (nearly)
/// zero, the square of the speed that the model's scaling expects.
///
/// Shapes: dx [Dim x points].
template <RealScalar Scalar, int Dim, class DX>
double reference_square(const Scaling<Scalar, Dim>& scaling, const DX& dx) {
  const double measured = weighted_square(scaling, dx);
  const Vector<double, Dim> expected = Vector<double, Dim>::Constant(expected_speed(scaling));
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
