#pragma once

#include <array>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes Duffing oscillators without friction: two wells (α < 0) of stiffness β.
///
/// Math: H = p²/2 + αq²/2 + βq⁴/4.
/// Units: none.
struct Duffing {
  static constexpr std::string_view name = "duffing";
  static constexpr int dim = 2;
  static constexpr int parameters = 2;
  static constexpr std::array<std::string_view, 2> state_names{"q", "p"};
  static constexpr std::array<std::string_view, 2> parameter_names{"alpha", "beta"};
  static constexpr Box<2> parameter_box{{-1.5, 0.5}, {-0.5, 1.5}};
  static constexpr Box<2> initial_box{{-1.5, -1}, {1.5, 1}};

  /// Computes the energy at x = (q, p) of the member mu = (α, β).
  template <class S>
  static S energy(const Vector<S, 2>& x, const Vector<double, 2>& mu) {
    const S &q = x(0), &p = x(1);
    const double alpha = mu(0), beta = mu(1);
    const S square = q * q;
    return p * p / 2 + alpha / 2 * square + beta / 4 * square * square;
  }
};

}  // namespace metriplex
