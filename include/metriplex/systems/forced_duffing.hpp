#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes Duffing oscillators in a double well that a force shakes and friction damps: stiffness b of the walls, damping c,
/// and a force of amplitude f and frequency w; the time is a component of the state.
///
/// Math: q̇ = p, ṗ = q − bq³ − cp + f cos wt, ṫ = 1; E = p²/2 − q²/2 + bq⁴/4.
struct ForcedDuffing {
  static constexpr std::string_view name = "forced_duffing";
  static constexpr int dim = 3;
  static constexpr int parameters = 4;
  static constexpr std::array<std::string_view, 3> state_names{"q", "p", "t"};
  static constexpr std::array<std::string_view, 4> parameter_names{"b", "c", "f", "w"};
  static constexpr Box<4> parameter_box{{0.7, 0, 0.1, 1}, {1.3, 0.3, 0.4, 1.5}};
  static constexpr Box<3> initial_box{{-1.5, -1, 0}, {1.5, 1, 6}};
  /// Members of three kinds: without friction, without a force, and with both, where motion is chaotic.
  static constexpr std::array<double, 4> forced{1, 0, 0.2, 1.2}, damped{1, 0.3, 0, 1.2},
      chaotic{1, 0.1, 0.39, 1.4};

  /// Computes the energy at x = (q, p, t) of the member mu, without what the force has.
  template <class T>
  static T energy(const Vector<T, 3>& x, const Vector<double, 4>& mu) {
    const T square = x(0) * x(0);
    return x(1) * x(1) / 2 - square / 2 + mu(0) / 4 * square * square;
  }

  /// Writes the rate at x of the member mu.
  template <class T>
  static void rate(const Vector<T, 3>& x, const Vector<double, 4>& mu, Vector<T, 3>& dx) {
    using std::cos;
    dx(0) = x(1);
    dx(1) = x(0) - mu(0) * x(0) * x(0) * x(0) - mu(1) * x(1) + mu(2) * cos(mu(3) * x(2));
    dx(2) = T(1);
  }
};

}  // namespace metriplex
