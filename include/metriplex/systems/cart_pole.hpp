#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes carts that a force pushes along, each with a pole that hangs from it: masses m of the cart and n of the pole,
/// a point at length l; the angle is from where it hangs.
///
/// Math: E = ½(m + n)v² + n l v ω cos θ + ½ n l²ω² + n g l (1 − cos θ); with the force u,
/// v̇ = (u + n sin θ (lω² + g cos θ))/(m + n sin² θ), ω̇ = −(g sin θ + v̇ cos θ)/l (Tedrake, Underactuated Robotics, §3.2.1).
/// Units: metres, kilograms, seconds, radians, newtons.
struct CartPole {
  static constexpr std::string_view name = "cart_pole";
  static constexpr int dim = 5;
  static constexpr int inputs = 1;
  static constexpr int parameters = 3;
  static constexpr double gravity = 9.81;
  static constexpr double max_step = 0.01;
  static constexpr std::array<std::string_view, 5> state_names{"s", "a", "v", "w", "u"};
  static constexpr std::array<std::string_view, 3> parameter_names{"m", "n", "l"};
  static constexpr Box<3> parameter_box{{0.5, 0.1, 0.5}, {1.5, 0.4, 1}};
  static constexpr Box<5> initial_box{{-1, -1.5, -1, -2, -2}, {1, 1.5, 1, 2, 2}};

  /// Computes the energy at x = (s, θ, v, ω, u) of the member mu = (m, n, l).
  template <class T>
  static T energy(const Vector<T, 5>& x, const Vector<double, 3>& mu) {
    using std::cos;
    const double m = mu(0), n = mu(1), l = mu(2);
    const T c = cos(x(1)), tip = l * x(3);
    return (m + n) / 2 * x(2) * x(2) + n * x(2) * tip * c + n / 2 * tip * tip + n * gravity * l * (1 - c);
  }

  /// Writes the rate at x of the member mu.
  template <class T>
  static void rate(const Vector<T, 5>& x, const Vector<double, 3>& mu, Vector<T, 5>& dx) {
    using std::cos, std::sin;
    const double m = mu(0), n = mu(1), l = mu(2);
    const T c = cos(x(1)), s = sin(x(1));
    dx(0) = x(2);
    dx(1) = x(3);
    dx(2) = (x(4) + n * s * (l * x(3) * x(3) + gravity * c)) / (m + n * s * s);
    dx(3) = -(gravity * s + dx(2) * c) / l;
    dx(4) = T(0);
  }
};

}  // namespace metriplex
