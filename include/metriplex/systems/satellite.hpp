#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes satellites over the equator of planets: two bodies of which one moves, and the planet is oblate. Strength k of its
/// pull, J of its bulge.
///
/// Math: H = |p|²/2 − k/r − kJ/2r³ (the second zonal harmonic at the equator: Vallado, Fundamentals of Astrodynamics, §8.6);
/// initial states near circular orbits.
/// Units: the satellite's mass, the radius and speed of a usual orbit.
struct Satellite {
  static constexpr std::string_view name = "satellite";
  static constexpr int dim = 4;
  static constexpr int parameters = 2;
  static constexpr double max_step = 0.01;
  static constexpr std::array<std::string_view, 4> state_names{"q1", "q2", "p1", "p2"};
  static constexpr std::array<std::string_view, 2> parameter_names{"k", "J"};
  static constexpr Box<2> parameter_box{{0.9, 0}, {1.1, 0.02}};
  static constexpr Box<4> initial_box{{0.8, -0.2, -0.2, 0.9}, {1.2, 0.2, 0.2, 1.1}};

  /// Computes the energy at x = (q₁, q₂, p₁, p₂) of the member mu = (k, J).
  template <class T>
  static T energy(const Vector<T, 4>& x, const Vector<double, 2>& mu) {
    using std::sqrt;
    const T inverse = 1 / sqrt(x(0) * x(0) + x(1) * x(1));
    return (x(2) * x(2) + x(3) * x(3)) / 2 - mu(0) * inverse * (1 + mu(1) / 2 * inverse * inverse);
  }
};

}  // namespace metriplex
