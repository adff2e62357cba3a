#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes pendulums of length l whose pivot is shaken up and down, so that their weight swells by a share a at a frequency w: an energy that
/// depends on the time, which is a component of the state.
///
/// Math: H = p²/2l² − 3l (1 + a cos wt) cos q; q̇ = ∂H/∂p, ṗ = −∂H/∂q, ṫ = 1 (Landau & Lifshitz, Mechanics, §27).
/// Units: q in radians, otherwise none.
struct ParametricPendulum {
  static constexpr std::string_view name = "parametric_pendulum";
  static constexpr int dim = 3;
  static constexpr int parameters = 3;
  static constexpr double gravity = 3;
  static constexpr std::array<std::string_view, 3> state_names{"q", "p", "t"};
  static constexpr std::array<std::string_view, 3> parameter_names{"l", "a", "w"};
  static constexpr Box<3> parameter_box{{0.8, 0.1, 1}, {1.2, 0.5, 2}};
  static constexpr Box<3> initial_box{{-1.5, -1, 0}, {1.5, 1, 6}};

  /// Computes the energy at x = (q, p, t) of the member mu.
  template <class T>
  static T energy(const Vector<T, 3>& x, const Vector<double, 3>& mu) {
    using std::cos;
    const double l = mu(0);
    return x(1) * x(1) / (2 * l * l) - gravity * l * (1 + mu(1) * cos(mu(2) * x(2))) * cos(x(0));
  }

  /// Writes the rate at x of the member mu.
  template <class T>
  static void rate(const Vector<T, 3>& x, const Vector<double, 3>& mu, Vector<T, 3>& dx) {
    using std::cos, std::sin;
    const double l = mu(0);
    dx(0) = x(1) / (l * l);
    dx(1) = -gravity * l * (1 + mu(1) * cos(mu(2) * x(2))) * sin(x(0));
    dx(2) = T(1);
  }
};

}  // namespace metriplex
