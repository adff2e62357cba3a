#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes swinging pendulums that lose energy as heat that nobody measures: mass m, length l, gravity 3, damping c.
///
/// Math: H = p²/2ml² + mgl(1 − cos q); q̇ = ∂H/∂p, ṗ = −∂H/∂q − cp, so dH/dt = −cp²/ml² (members, states and energy as
/// `Pendulum`'s).
/// Units: q in radians, otherwise none; c in 1/time.
struct DampedPendulum {
  static constexpr std::string_view name = "damped_pendulum";
  static constexpr int dim = 2;
  static constexpr int parameters = 3;
  static constexpr double gravity = 3;
  static constexpr std::array<std::string_view, 2> state_names{"q", "p"};
  static constexpr std::array<std::string_view, 3> parameter_names{"m", "l", "c"};
  static constexpr Box<3> parameter_box{{0.5, 0.7, 0}, {1.5, 1.3, 0.05}};
  static constexpr Box<2> initial_box{{-2.2, -1.5}, {2.2, 1.5}};

  /// Computes the energy at x = (q, p) of the member mu = (m, l, c).
  template <class T>
  static T energy(const Vector<T, 2>& x, const Vector<double, 3>& mu) {
    using std::cos;
    const double m = mu(0), l = mu(1);
    return x(1) * x(1) / (2 * m * l * l) + m * gravity * l * (1 - cos(x(0)));
  }

  /// Writes the rate at x of the member mu.
  template <class T>
  static void rate(const Vector<T, 2>& x, const Vector<double, 3>& mu, Vector<T, 2>& dx) {
    using std::sin;
    const double m = mu(0), l = mu(1), c = mu(2);
    dx(0) = x(1) / (m * l * l);
    dx(1) = -m * gravity * l * sin(x(0)) - c * x(1);
  }

  /// Tells whether a trajectory from x swings and does not rotate.
  static bool accepts(const Vector<double, 2>& x, const Vector<double, 3>& mu) {
    return energy(x, mu) <= 0.9 * 2 * mu(0) * gravity * mu(1);
  }
};

}  // namespace metriplex
