#pragma once

#include <cmath>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Holds samples of a motion of which the states alone were measured.
///
/// Shapes: times [samples], increasing, at any distances; states [Dim x samples]; weights [Dim x samples], or empty for
/// ones: what has a weight of 0 is missing, and may be anything.
template <int Dim>
struct Trajectory {
  Vector<double> times;
  Matrix<double, Dim> states;
  Matrix<double, Dim> weights{};

  Index samples() const { return times.size(); }
  double weight(int i, Index k) const { return weights.cols() == 0 ? 1.0 : weights(i, k); }
  /// Whether all of a sample was measured.
  bool complete(Index k) const {
    for (int i = 0; i < Dim; ++i)
      if (weight(i, k) == 0) return false;
    return true;
  }

  /// Checks the samples at a boundary; `who` names the caller in the message.
  ///
  /// Errors: fewer than two samples, other shapes, times that do not increase, NaN or Inf, negative weights.
  void check(const char* who) const {
    const Index n = samples();
    require(n >= 2 && states.cols() == n && (weights.cols() == 0 || weights.cols() == n),
            {who, " needs two samples of a motion or more, times [samples] and states [", Dim,
             " x samples], and weights of that shape or none; got ", n, " times, [", Dim, " x ",
             states.cols(), "] and [", Dim, " x ", weights.cols(), "]"});
    for (Index k = 0; k < n; ++k) {
      require(std::isfinite(times[k]) && (k == 0 || times[k] > times[k - 1]),
              {who, " needs times that increase; got another at sample ", k});
      for (int i = 0; i < Dim; ++i) {
        require(std::isfinite(weight(i, k)) && weight(i, k) >= 0,
                {who, " needs weights >= 0; got another at sample ", k});
        require(weight(i, k) == 0 || std::isfinite(states(i, k)),
                {who, " needs finite states; got a NaN or Inf at sample ", k});
      }
    }
  }
};

}  // namespace metriplex
