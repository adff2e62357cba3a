#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

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

/// Checks that a measured number can be squared in a model's unit of it, weighed, and summed up a billion times: a sentinel
/// for what is missing is no measurement.
///
/// Errors: one that cannot, by component and measurement; `who` and `what` name the caller and the number in the message.
template <RealScalar Scalar>
void require_square(double value, double unit, double weight, const char* who, const char* what,
                    int component, Index at) {
  const double most = std::sqrt(1e-9 * static_cast<double>(std::numeric_limits<Scalar>::max()));
  require(std::sqrt(weight) * std::max(1.0, std::abs(value / unit)) <= most,
          {who, " needs ", what, " that can be squared in the model's units; got ", value, " of weight ",
           weight, " in component ", component, " of measurement ", at});
}

/// Checks likewise states relative to the scaling's mean and rates, of one component.
template <RealScalar Scalar, int Dim>
void require_squares(const Scaling<Scalar, Dim>& scaling, double state, double rate, double weight,
                     const char* who, int i, Index at) {
  require_square<Scalar>(state - static_cast<double>(scaling.mean[i]),
                         1 / static_cast<double>(scaling.inverse_scale[i]), 1.0, who, "states", i, at);
  require_square<Scalar>(rate, static_cast<double>(scaling.rate_scale[i]), weight, who, "rates", i, at);
}

/// Returns states relative to the scaling's mean, subtracted before float cuts digits off.
///
/// Shapes: x [Dim x points].
template <RealScalar Scalar, int Dim, class X>
Matrix<Scalar, Dim> centred_states(const Scaling<Scalar, Dim>& scaling, const Eigen::MatrixBase<X>& x) {
  Matrix<Scalar, Dim> centred(Dim, x.cols());
  for (Index p = 0; p < x.cols(); ++p)
    for (int i = 0; i < Dim; ++i)
      centred(i, p) =
          static_cast<Scalar>(static_cast<double>(x(i, p)) - static_cast<double>(scaling.mean[i]));
  return centred;
}

/// Returns the mean square of rates, each component in the unit of its errors.
///
/// Shapes: dx [Dim x points].
template <RealScalar Scalar, int Dim, class DX>
double scaled_square(const Scaling<Scalar, Dim>& scaling, const DX& dx) {
  double total = 0.0;
  for (Index p = 0; p < dx.cols(); ++p)
    for (int i = 0; i < Dim; ++i)
      total += std::pow(static_cast<double>(dx(i, p)) / static_cast<double>(scaling.rate_scale[i]), 2);
  return total / static_cast<double>(dx.size());
}

/// Divides squared errors: the mean square of the measured derivatives, or 1, that of training, where all of them are
/// (nearly) zero.
///
/// Shapes: dx [Dim x points].
template <RealScalar Scalar, int Dim, class DX>
double reference_square(const Scaling<Scalar, Dim>& scaling, const DX& dx) {
  const double measured = scaled_square(scaling, dx);
  return measured > 1e-12 ? measured : 1.0;
}

/// Holds measurements of one system, checked, with the weight that makes a `FieldLoss` over them their relative
/// mean squared error.
template <RealScalar Scalar, int Dim>
struct Measurements {
  Matrix<Scalar, Dim> x, dx;  ///< x relative to the scaling's mean
  Scalar weight;              ///< 1/(shots · dim · `reference_square`)

  /// Shapes: x, dx [Dim x shots].
  /// Errors: as `require_measurements` and `require_square`.
  template <class X, class DX>
  Measurements(const Eigen::MatrixBase<X>& states, const Eigen::MatrixBase<DX>& rates,
               const Scaling<Scalar, Dim>& scaling, const char* who) {
    require_measurements<Dim>(states, rates, who);
    for (Index p = 0; p < states.cols(); ++p)
      for (int i = 0; i < Dim; ++i)
        require_squares(scaling, static_cast<double>(states(i, p)), static_cast<double>(rates(i, p)), 1.0,
                        who, i, p);
    x = centred_states(scaling, states);
    dx = rates.template cast<Scalar>();
    weight = static_cast<Scalar>(1.0 / (reference_square(scaling, dx) * static_cast<double>(x.size())));
  }
};

}  // namespace metriplex
