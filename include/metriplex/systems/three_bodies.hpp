#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes three bodies in a plane that attract one another, so close that their motion is chaotic; their masses tell members
/// apart.
///
/// Math: H = Σ |pᵢ|²/2mᵢ − Σ mᵢmⱼ/√(rᵢⱼ² + ε²), ε = 0.5, so that no encounter is singular (Plummer 1911); initial states are bound.
/// Shapes: x = (q, p), q and p [3 bodies x 2], body by body.
/// Units: none.
struct ThreeBodies {
  static constexpr std::string_view name = "three_bodies";
  static constexpr int dim = 12;
  static constexpr int parameters = 3;
  static constexpr double softening = 0.5;
  static constexpr std::array<std::string_view, 12> state_names{"x1", "y1", "x2", "y2", "x3", "y3",
                                                                "u1", "v1", "u2", "v2", "u3", "v3"};
  static constexpr std::array<std::string_view, 3> parameter_names{"m1", "m2", "m3"};
  static constexpr Box<3> parameter_box{{0.5, 0.5, 0.5}, {1.5, 1.5, 1.5}};
  static constexpr Box<12> initial_box = [] {
    Box<12> box;
    for (std::size_t i = 0; i < 12; ++i) box.hi[i] = i < 6 ? 1.5 : 0.4, box.lo[i] = -box.hi[i];
    return box;
  }();

  /// Computes the energy at x of the member mu = (m₁, m₂, m₃).
  template <class T>
  static T energy(const Vector<T, 12>& x, const Vector<double, 3>& mu) {
    using std::sqrt;
    T total(0);
    for (int i = 0; i < 3; ++i) {
      total += (x(6 + 2 * i) * x(6 + 2 * i) + x(7 + 2 * i) * x(7 + 2 * i)) / (2 * mu(i));
      for (int j = 0; j < i; ++j) {
        const T dx = x(2 * i) - x(2 * j), dy = x(2 * i + 1) - x(2 * j + 1);
        total -= mu(i) * mu(j) / sqrt(dx * dx + dy * dy + softening * softening);
      }
    }
    return total;
  }

  /// Tells whether the bodies at x are bound.
  static bool accepts(const Vector<double, 12>& x, const Vector<double, 3>& mu) {
    return energy(x, mu) < -0.5;
  }
};

}  // namespace metriplex
