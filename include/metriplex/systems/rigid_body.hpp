#pragma once

#include <array>
#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes free rigid bodies by their angular momentum, seen from the body: principal moments of inertia I₁, I₂, I₃.
///
/// Math: H = Σxᵢ²/2Iᵢ, ẋ = x × ∇H (Euler 1758); so(3)* with the Casimir |x|² (Marsden & Ratiu, Introduction to Mechanics and
/// Symmetry, §1.2). No moment of the box is above the sum of the other two, so each of its points is a body's.
/// Units: none.
struct RigidBody {
  static constexpr std::string_view name = "rigid_body";
  static constexpr int dim = 3;
  static constexpr int parameters = 3;
  static constexpr std::array<std::string_view, 3> state_names{"x1", "x2", "x3"};
  static constexpr std::array<std::string_view, 3> parameter_names{"I1", "I2", "I3"};
  static constexpr Box<3> parameter_box{{0.5, 0.5, 0.5}, {1, 1, 1}};
  static constexpr Box<3> initial_box{{-1, -1, -1}, {1, 1, 1}};

  /// Computes the energy at x of the member mu = (I₁, I₂, I₃).
  template <class T>
  static T energy(const Vector<T, 3>& x, const Vector<double, 3>& mu) {
    return x(0) * x(0) / (2 * mu(0)) + x(1) * x(1) / (2 * mu(1)) + x(2) * x(2) / (2 * mu(2));
  }

  /// Writes the rate at x of the member mu.
  template <class T>
  static void rate(const Vector<T, 3>& x, const Vector<double, 3>& mu, Vector<T, 3>& dx) {
    dx(0) = (1 / mu(2) - 1 / mu(1)) * x(1) * x(2);
    dx(1) = (1 / mu(0) - 1 / mu(2)) * x(2) * x(0);
    dx(2) = (1 / mu(1) - 1 / mu(0)) * x(0) * x(1);
  }

  /// Writes J(x)v, the rate where v stands in the place of ∇H.
  static void bracket(const Vector<double, 3>& x, const Vector<double, 3>& v, Vector<double, 3>& dx) {
    dx.setZero();
    add_cross(x.data(), v.data(), dx.data());
  }

  /// Moves x by the energy of its component `part` alone, which is constant then: exactly, a rotation about that axis.
  static constexpr int flows = 3;
  static void flow(int part, Vector<double, 3>& x, const Vector<double, 3>& mu, double dt) {
    rotate_pair(dt * x(part) / mu(part), x((part + 1) % 3), x((part + 2) % 3));
  }

  /// Computes the Casimir, which every motion of the bracket keeps, whatever its energy.
  template <class T>
  static Vector<T, 1> casimirs(const Vector<T, 3>& x) {
    return Vector<T, 1>(T(x(0) * x(0) + x(1) * x(1) + x(2) * x(2)));
  }
};

}  // namespace metriplex
