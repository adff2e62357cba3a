#pragma once

#include <numeric>
#include <string>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/nn/scaling.hpp"

namespace metriplex {

/// Checks a set of measurements at a boundary.
///
/// Errors: none, x and dx of different shapes, a NaN or Inf; `who` names the caller in the message.
template <int Dim, class X, class DX>
void require_measurements(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx, const char* who) {
  const auto shape = [](const auto& m) {
    return "[" + std::to_string(m.rows()) + " x " + std::to_string(m.cols()) + "]";
  };
  require(x.rows() == Dim && x.cols() == dx.cols() && dx.rows() == Dim && x.cols() >= 1, [&] {
    return std::string(who) + " needs at least one measurement, states and derivatives [" +
           std::to_string(Dim) + " x shots]; got " + shape(x) + " and " + shape(dx);
  });
  require(x.allFinite() && dx.allFinite(), [&] {
    for (Index p = 0; p < x.cols(); ++p)
      if (!x.col(p).allFinite() || !dx.col(p).allFinite())
        return std::string(who) + " needs finite measurements; got a NaN or Inf in measurement " +
               std::to_string(p);
    return std::string();
  });
}

/// Divides squared errors: the mean square of the measured derivatives, or, where all of them are (nearly)
/// zero, the square of the speed that the model's scaling expects.
template <class Scale, class DX>
double reference_square(const Scale& scaling, const Eigen::MatrixBase<DX>& dx) {
  const double measured = dx.template cast<double>().squaredNorm() / static_cast<double>(dx.size());
  const double expected =
      static_cast<double>(scaling.energy) * static_cast<double>(scaling.inverse_scale.mean());
  return measured > 1e-12 * expected * expected ? measured : expected * expected;
}

/// Holds measurements of one system, checked, and ready for a `FieldLoss` that is their relative mean squared
/// error.
template <RealScalar Scalar, int Dim>
struct Measurements {
  Matrix<Scalar, Dim> x, dx;
  std::vector<Index> columns;  ///< all of them
  Scalar weight;               ///< 1/(shots · dim · `reference_square`)

  /// Shapes: x, dx [Dim x shots].
  /// Errors: as `require_measurements`.
  template <class X, class DX>
  Measurements(const Eigen::MatrixBase<X>& states, const Eigen::MatrixBase<DX>& rates,
               const Scaling<Scalar, Dim>& scaling, const char* who) {
    require_measurements<Dim>(states, rates, who);
    x = states.template cast<Scalar>();
    dx = rates.template cast<Scalar>();
    columns.resize(static_cast<std::size_t>(x.cols()));
    std::iota(columns.begin(), columns.end(), Index{0});
    weight = static_cast<Scalar>(1.0 / (reference_square(scaling, dx) * static_cast<double>(x.size())));
  }
};

}  // namespace metriplex
