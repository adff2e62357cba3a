#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/core/types.hpp"
#include "metriplex/data/motion.hpp"
#include "metriplex/train/interval_integral.hpp"

namespace metriplex {

/// Sums up how far a field is from leading along motions of which the states alone were measured, and tells the error of its rates
/// from noise.
///
/// Math: over a few intervals of length T a field that is off by e leaves F f − (y(T) − y(0)) with a mean square of (e T)² + 2σ².
template <int Dim>
class IntegralError {
 public:
  static constexpr Index intervals = 4;

  /// Adds a motion. Shapes: field [Dim x samples], at its states.
  void add(const Motion<Dim>& motion, const Matrix<double, Dim>& field) {
    const Index n = motion.samples();
    for (Index k = 0; k + 1 < n; k += intervals) {
      const Index end = std::min(n - 1, k + intervals);
      Vector<double, Dim> off = motion.states.col(k) - motion.states.col(end);
      for (Index s = k; s < end; ++s) {
        const IntervalIntegral integral(motion.times.data(), n, s);
        for (Index q = 0; q < integral.count; ++q)
          off += integral.weights[static_cast<std::size_t>(q)] * field.col(integral.first + q);
      }
      add(off, motion.times[end] - motion.times[k]);
    }
  }

  /// Adds what following the field over a time misses a measured state by, from a measured state on.
  void add(const Vector<double, Dim>& off, double length) {
    for (int i = 0; i < Dim; ++i) square_[i] += off[i] * off[i];
    lengths_ += length * length;
    ++count_;
  }

  /// Returns the root mean square error of the rates, [Dim], at least what the scatter of the noise hides; none of the last `given`
  /// components.
  Vector<double, Dim> of_rates(const Vector<double, Dim>& noise, int given = 0) const {
    Vector<double, Dim> error;
    const auto count = static_cast<double>(count_);
    for (int i = 0; i < Dim; ++i) {
      const double expected = 2 * noise[i] * noise[i] * count;
      error[i] = std::sqrt(std::max(square_[i] - expected, expected * std::sqrt(2 / count)) / lengths_);
    }
    error.tail(given).setZero();
    return error;
  }

 private:
  Vector<double, Dim> square_ = Vector<double, Dim>::Zero();
  double lengths_ = 0;
  Index count_ = 0;
};

}  // namespace metriplex
