#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes swinging pendulums: mass m, length l, gravity 3.
///
/// Math: H = p²/2ml² + mgl(1 − cos q); initial states have at most 0.9 of the energy of the upright position,
/// so that none rotates.
/// Units: q in radians, otherwise none.
struct Pendulum {
  static constexpr std::string_view name = "pendulum";
  static constexpr int dim = 2;
  static constexpr int parameters = 2;
  static constexpr double gravity = 3;
  static constexpr std::array<std::string_view, 2> state_names{"q", "p"};
  static constexpr std::array<std::string_view, 2> parameter_names{"m", "l"};
  static constexpr Box<2> parameter_box{{0.5, 0.7}, {1.5, 1.3}};
  static constexpr Box<2> initial_box{{-2.2, -1.5}, {2.2, 1.5}};

  /// Computes the energy at x = (q, p) of the member mu = (m, l).
  template <class S>
  static S energy(const Vector<S, 2>& x, const Vector<double, 2>& mu) {
    using std::cos;
    const S &q = x(0), &p = x(1);
    const double m = mu(0), l = mu(1);
    return p * p / (2 * m * l * l) + m * gravity * l * (1 - cos(q));
  }

  /// Tells whether a trajectory from x swings and does not rotate.
  static bool accepts(const Vector<double, 2>& x, const Vector<double, 2>& mu) {
    return energy(x, mu) <= 0.9 * 2 * mu(0) * gravity * mu(1);
  }
};

}  // namespace metriplex
