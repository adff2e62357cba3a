#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Integrates what is known at samples from one of them to the next: weights of a few samples around.
///
/// Math: ∫ of the Lagrange polynomial through the `count` nearest samples, exact by three points of Gauss and Legendre, whose
/// rule is right to degree five.
struct IntervalIntegral {
  static constexpr Index order = 6;

  Index first = 0, count = 0;  ///< the samples first … first + count − 1
  std::array<double, order> weights{};

  /// From sample k to k + 1 of n, at `times`, through `most` samples.
  IntervalIntegral(const double* times, Index n, Index k, Index most = order) {
    count = std::min(n, most);
    first = std::clamp(k - (count - 2) / 2, Index{0}, n - count);
    const double middle = (times[k] + times[k + 1]) / 2, half = (times[k + 1] - times[k]) / 2;
    const double far = std::sqrt(3.0 / 5.0);
    const double nodes[] = {-far, 0, far}, shares[] = {5.0 / 9, 8.0 / 9, 5.0 / 9};
    for (int g = 0; g < 3; ++g)
      for (Index j = 0; j < count; ++j) {
        double value = shares[g] * half;
        for (Index l = 0; l < count; ++l)
          if (l != j)
            value *= (middle + half * nodes[g] - times[first + l]) / (times[first + j] - times[first + l]);
        weights[static_cast<std::size_t>(j)] += value;
      }
  }
};

}  // namespace metriplex
