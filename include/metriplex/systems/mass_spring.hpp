#pragma once

#include <array>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes masses on springs: mass m, stiffness k.
///
/// Math: H = p²/2m + kq²/2.
/// Units: none; q = 1 and p = 1 are typical.
struct MassSpring {
  static constexpr std::string_view name = "mass_spring";
  static constexpr int dim = 2;
  static constexpr int parameters = 2;
  static constexpr std::array<std::string_view, 2> state_names{"q", "p"};
  static constexpr std::array<std::string_view, 2> parameter_names{"m", "k"};
  static constexpr Box<2> parameter_box{{0.5, 0.5}, {2, 2}};
  static constexpr Box<2> initial_box{{-1, -1}, {1, 1}};

  /// Computes the energy at x = (q, p) of the member mu = (m, k).
  template <class S>
  static S energy(const Vector<S, 2>& x, const Vector<double, 2>& mu) {
    const S &q = x(0), &p = x(1);
    const double m = mu(0), k = mu(1);
    return p * p / (2 * m) + k / 2 * q * q;
  }
};

}  // namespace metriplex
