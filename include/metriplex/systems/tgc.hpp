#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes two gas containers that exchange heat and volume through a piston of mass m that conducts α.
///
/// Math: E = p²/2m + e₁ + e₂, eᵢ = (exp Sᵢ/Vᵢ)^⅔, V = (q, 2 − q), Tᵢ = ∂eᵢ/∂Sᵢ = ⅔eᵢ; Ṡ₁ = (α/T₁)(1/T₁ − 1/T₂), Ṡ₂ likewise
/// (Shang & Öttinger 2020, 4b).
/// Units: none.
struct Tgc {
  static constexpr std::string_view name = "tgc";
  static constexpr int dim = 4;
  static constexpr int entropies = 2;
  static constexpr int parameters = 2;
  static constexpr int friction_rank = 1;
  static constexpr std::array<std::string_view, 4> state_names{"q", "p", "S1", "S2"};
  static constexpr std::array<std::string_view, 2> parameter_names{"m", "alpha"};
  static constexpr Box<2> parameter_box{{0.5, 0.2}, {2, 2}};
  static constexpr Box<4> initial_box{{0.6, -0.5, 1.5, 1.5}, {1.4, 0.5, 2.5, 2.5}};

  /// Computes the energy at x = (q, p, S₁, S₂) of the member mu = (m, α).
  template <class T>
  static T energy(const Vector<T, 4>& x, const Vector<double, 2>& mu) {
    return x(1) * x(1) / (2 * mu(0)) + inner_energy(x, 0) + inner_energy(x, 1);
  }

  /// Writes the root of friction: heat flows from one gas to the other alone.
  template <class T>
  static void friction(const Vector<T, 4>& x, const Vector<double, 2>& mu, T* c) {
    c[5] = std::sqrt(mu(1)) / (T(4.0 / 9) * inner_energy(x, 0) * inner_energy(x, 1));  // the pair (S₁, S₂)
  }

  /// Computes e₁ or e₂.
  template <class T>
  static T inner_energy(const Vector<T, 4>& x, int gas) {
    using std::exp, std::log;
    const T volume = gas == 0 ? x(0) : 2 - x(0);
    return exp(T(2.0 / 3) * (x(2 + gas) - log(volume)));
  }

  /// Shang and Öttinger's own member, start and horizon: m = 1, α = 0.5, q = 1, p = 2, e₁ = e₂ = 2.
  static Vector<double, 2> reference_member() { return {1, 0.5}; }
  static Vector<double, 4> reference_state() {
    const double entropy = 1.5 * std::log(2.0);
    return {1, 2, entropy, entropy};
  }
  static constexpr double reference_horizon = 30;
};

}  // namespace metriplex
