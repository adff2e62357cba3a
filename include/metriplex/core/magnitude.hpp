#pragma once

#include <cmath>
#include <limits>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Computes with a number and remembers the size of what it was made of, by which rounding errors are to be judged: a
/// difference of large numbers may be small, its rounding is not.
///
/// Math: |a ± b| → |a| + |b|, |ab| → |a||b|, a running error analysis up to the unit of rounding (Higham 2002, "Accuracy
/// and stability of numerical algorithms", 3.3).
template <RealScalar Scalar>
struct Magnitude {
  Scalar value{};
  double size{};

  Magnitude() = default;
  Magnitude(Scalar v) : value(v), size(std::abs(static_cast<double>(v))) {}
  Magnitude(Scalar v, double s) : value(v), size(s) {}

  friend Magnitude operator+(const Magnitude& a, const Magnitude& b) {
    return {a.value + b.value, a.size + b.size};
  }
  friend Magnitude operator-(const Magnitude& a, const Magnitude& b) {
    return {a.value - b.value, a.size + b.size};
  }
  friend Magnitude operator*(const Magnitude& a, const Magnitude& b) {
    return {a.value * b.value, a.size * b.size};
  }
  friend Magnitude operator-(const Magnitude& a) { return {-a.value, a.size}; }
  Magnitude& operator+=(const Magnitude& other) { return *this = *this + other; }
  Magnitude& operator-=(const Magnitude& other) { return *this = *this - other; }
};

/// Adds up the Euclidean norms of values and of what they were made of, as of a vector or a matrix.
template <class Scalar>
struct MagnitudeNorm {
  double value = 0, size = 0;

  void add(const Magnitude<Scalar>& number) {
    value = std::hypot(value, static_cast<double>(number.value));
    size = std::hypot(size, number.size);
  }
  /// Tells the norm of the values relative to that of their sizes: below a few roundings if they should be zero.
  double relative() const { return quotient(value); }
  /// Tells another number relative to it; 0 where there is nothing to be relative to: slopes of saturated networks
  /// underflow.
  double quotient(double defect) const {
    return size > 1e10 * static_cast<double>(std::numeric_limits<Scalar>::min()) ? defect / size
                                                                                 : defect * 0.0;
  }
};

}  // namespace metriplex
