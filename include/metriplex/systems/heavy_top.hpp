#pragma once

#include <array>
#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes tops with one point fixed, seen from the body: angular momentum m and the direction of the vertical γ; principal
/// moments of inertia I₁, I₂, I₃, the centre of mass on the third axis, weight times its distance w.
///
/// Math: H = Σmᵢ²/2Iᵢ + wγ₃, ṁ = m × ∂H/∂m + γ × ∂H/∂γ, γ̇ = γ × ∂H/∂m; se(3)* with the Casimirs |γ|² and m·γ (Marsden & Ratiu,
/// Introduction to Mechanics and Symmetry, §1.4). Moments are as `RigidBody`'s.
/// Units: none. A γ of another length than 1 is a vertical in gravity |γ| times as strong; the box has all lengths up to √3.
struct HeavyTop {
  static constexpr std::string_view name = "heavy_top";
  static constexpr int dim = 6;
  static constexpr int parameters = 4;
  static constexpr std::array<std::string_view, 6> state_names{"m1",     "m2",     "m3",
                                                               "gamma1", "gamma2", "gamma3"};
  static constexpr std::array<std::string_view, 4> parameter_names{"I1", "I2", "I3", "w"};
  static constexpr Box<4> parameter_box{{0.5, 0.5, 0.5, 0.5}, {1, 1, 1, 1.5}};
  static constexpr Box<6> initial_box{{-1, -1, -1, -1, -1, -1}, {1, 1, 1, 1, 1, 1}};

  /// Computes the energy at x = (m, γ) of the member mu = (I₁, I₂, I₃, w).
  template <class T>
  static T energy(const Vector<T, 6>& x, const Vector<double, 4>& mu) {
    return x(0) * x(0) / (2 * mu(0)) + x(1) * x(1) / (2 * mu(1)) + x(2) * x(2) / (2 * mu(2)) + mu(3) * x(5);
  }

  /// Writes the rate at x of the member mu.
  template <class T>
  static void rate(const Vector<T, 6>& x, const Vector<double, 4>& mu, Vector<T, 6>& dx) {
    const T spin[3] = {x(0) / mu(0), x(1) / mu(1), x(2) / mu(2)};
    for (int i = 0; i < 3; ++i) {
      const int j = (i + 1) % 3, k = (i + 2) % 3;
      dx(i) = x(j) * spin[k] - x(k) * spin[j];
      dx(3 + i) = x(3 + j) * spin[k] - x(3 + k) * spin[j];
    }
    dx(0) += mu(3) * x(4);
    dx(1) -= mu(3) * x(3);
  }

  /// Writes J(x)v, the rate where v stands in the place of ∇H.
  static void bracket(const Vector<double, 6>& x, const Vector<double, 6>& v, Vector<double, 6>& dx) {
    dx.setZero();
    add_cross(x.data(), v.data(), dx.data());
    add_cross(x.data() + 3, v.data() + 3, dx.data());
    add_cross(x.data() + 3, v.data(), dx.data() + 3);
  }

  /// Moves x by one part of the energy alone, exactly: that of a component of m turns m and γ about its axis, the last, of γ, adds to m.
  static constexpr int flows = 4;
  static void flow(int part, Vector<double, 6>& x, const Vector<double, 4>& mu, double dt) {
    if (part == 3) {
      x(0) += dt * mu(3) * x(4);
      x(1) -= dt * mu(3) * x(3);
      return;
    }
    const double angle = dt * x(part) / mu(part);
    const int j = (part + 1) % 3, k = (part + 2) % 3;
    rotate_pair(angle, x(j), x(k));
    rotate_pair(angle, x(3 + j), x(3 + k));
  }

  /// Computes the Casimirs |γ|² and m·γ, which every motion of the bracket keeps, whatever its energy.
  template <class T>
  static Vector<T, 2> casimirs(const Vector<T, 6>& x) {
    return {T(x(3) * x(3) + x(4) * x(4) + x(5) * x(5)), T(x(0) * x(3) + x(1) * x(4) + x(2) * x(5))};
  }
};

}  // namespace metriplex
