#pragma once

#include <array>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes stars in the field of a galaxy's disc, bound, some of them chaotic: strength λ of the cubic part.
///
/// Math: H = |p|²/2 + |q|²/2 + λ(q₁²q₂ − q₂³/3) (Hénon & Heiles 1964, λ = 1); initial states have at most 0.9 of 1/6λ², the
/// energy of escape.
/// Units: none.
struct HenonHeiles {
  static constexpr std::string_view name = "henon_heiles";
  static constexpr int dim = 4;
  static constexpr int parameters = 1;
  static constexpr std::array<std::string_view, 4> state_names{"q1", "q2", "p1", "p2"};
  static constexpr std::array<std::string_view, 1> parameter_names{"lambda"};
  static constexpr Box<1> parameter_box{{0.5}, {1}};
  static constexpr Box<4> initial_box{{-0.5, -0.5, -0.5, -0.5}, {0.5, 0.5, 0.5, 0.5}};

  /// Computes the energy at x = (q₁, q₂, p₁, p₂) of the member mu = (λ).
  template <class T>
  static T energy(const Vector<T, 4>& x, const Vector<double, 1>& mu) {
    const T &q1 = x(0), &q2 = x(1);
    return (x(2) * x(2) + x(3) * x(3) + q1 * q1 + q2 * q2) / 2 + mu(0) * (q1 * q1 - q2 * q2 / 3) * q2;
  }

  /// Tells whether a trajectory from x, of the initial box, stays: it has not the energy to cross a saddle, and no point of the
  /// box is beyond one.
  static bool accepts(const Vector<double, 4>& x, const Vector<double, 1>& mu) {
    return energy(x, mu) <= 0.9 / (6 * mu(0) * mu(0));
  }
};

}  // namespace metriplex
