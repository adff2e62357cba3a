#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes double pendulums by what is measured, angles and their velocities: masses m₁ and m₂ = r m₁ on rods of lengths l₁
/// and l₂ = s l₁, both angles from the vertical.
///
/// Math: E = ½vᵀM(q)v + V, M = [(m₁ + m₂)l₁², m₂l₁l₂ cos(q₁ − q₂); ·, m₂l₂²], V = (m₁ + m₂)gl₁(1 − cos q₁) + m₂gl₂(1 − cos
/// q₂); q̇ = v, M v̇ = −∂V/∂q + m₂l₁l₂ sin(q₁ − q₂)(−v₂², v₁²) (Landau & Lifshitz, Mechanics, §5). v̇ does not depend on m₁.
/// The box of m₁ is exp(±0.6), two deviations of the log-normal of deviation 0.3.
/// Units: metres, kilograms, seconds, radians.
struct DoublePendulum {
  static constexpr std::string_view name = "double_pendulum";
  static constexpr int dim = 4;
  static constexpr int parameters = 4;
  static constexpr double max_step = 0.005;
  static constexpr double gravity = 9.806;
  static constexpr double quarter_turn = 1.5707963267948966, tenth_of_turn = 0.6283185307179586;
  static constexpr std::array<std::string_view, 4> state_names{"q1", "q2", "v1", "v2"};
  static constexpr std::array<std::string_view, 4> parameter_names{"m1", "m2/m1", "l1", "l2/l1"};
  static constexpr Box<4> parameter_box{{0.5488116360940264, 0.2, 0.9, 0.9}, {1.8221188003905089, 1, 2, 1.1}};
  static constexpr Box<4> initial_box{{-quarter_turn, -quarter_turn, -tenth_of_turn, -tenth_of_turn},
                                      {quarter_turn, quarter_turn, tenth_of_turn, tenth_of_turn}};

  /// Computes the energy at x = (q₁, q₂, v₁, v₂) of the member mu = (m₁, m₂/m₁, l₁, l₂/l₁).
  template <class T>
  static T energy(const Vector<T, 4>& x, const Vector<double, 4>& mu) {
    using std::cos;
    const double m1 = mu(0), m2 = mu(1) * m1, l1 = mu(2), l2 = mu(3) * l1;
    const T u1 = l1 * x(2), u2 = l2 * x(3);
    return (m1 + m2) / 2 * u1 * u1 + m2 / 2 * u2 * u2 + m2 * u1 * u2 * cos(x(0) - x(1)) +
           (m1 + m2) * gravity * l1 * (1 - cos(x(0))) + m2 * gravity * l2 * (1 - cos(x(1)));
  }

  /// Writes the rate at x of the member mu, of the equations divided by m₁l₁l₁ and m₂l₁l₂.
  template <class T>
  static void rate(const Vector<T, 4>& x, const Vector<double, 4>& mu, Vector<T, 4>& dx) {
    using std::cos, std::sin;
    const double r = mu(1), s = mu(3), g = gravity / mu(2);
    const T c = cos(x(0) - x(1)), turn = sin(x(0) - x(1));
    // [1 + r, rsc; c, s] v̇ = force
    const T force1 = -(1 + r) * g * sin(x(0)) - r * s * turn * x(3) * x(3);
    const T force2 = turn * x(2) * x(2) - g * sin(x(1));
    const T determinant = s * (1 + r - r * c * c);
    dx(0) = x(2);
    dx(1) = x(3);
    dx(2) = (s * force1 - r * s * c * force2) / determinant;
    dx(3) = ((1 + r) * force2 - c * force1) / determinant;
  }
};

}  // namespace metriplex
