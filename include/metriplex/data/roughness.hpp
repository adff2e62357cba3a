#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/data/motion.hpp"

namespace metriplex {

/// Sums up how rough motions are: how large the fifth derivatives of their states, which interpolation through a few samples misses.
///
/// Math: the root mean square of s = 5! [x₀, …, x₅], divided differences of six samples in a row, less what noise adds to it, σ²|w|²; each counts by
/// 1/|w|², w its weights: where times are uneven, samples close to each other tell of noise alone.
template <int Dim>
class Roughness {
 public:
  /// Adds a motion of complete samples.
  void add(const Motion<Dim>& motion) {
    for (Index k = 0; k + 6 <= motion.samples(); ++k) {
      Vector<double, Dim> sum = Vector<double, Dim>::Zero();
      double squares = 0;
      for (Index j = 0; j < 6; ++j) {
        double weight = 120;
        for (Index l = 0; l < 6; ++l)
          if (l != j) weight /= motion.times[k + j] - motion.times[k + l];
        squares += weight * weight;
        for (int i = 0; i < Dim; ++i)  // of differences: an offset costs no digits
          sum[i] += weight * (motion.states(i, k + j) - motion.states(i, k));
      }
      for (int i = 0; i < Dim; ++i) square_[i] += sum[i] * sum[i] / squares;
      weights_ += 1;
      count_ += 1 / squares;
    }
  }

  /// Returns the size of the fifth derivative of each component, given the deviation of its noise; 0 where no motion has six samples.
  Vector<double, Dim> fifth_derivative(const Vector<double, Dim>& noise) const {
    Vector<double, Dim> found = Vector<double, Dim>::Zero();
    for (int i = 0; i < Dim && count_ > 0; ++i)
      found[i] = std::sqrt(std::max(0.0, square_[i] - weights_ * noise[i] * noise[i]) / count_);
    return found;
  }

 private:
  Vector<double, Dim> square_ = Vector<double, Dim>::Zero();
  double weights_ = 0, count_ = 0;
};

}  // namespace metriplex
