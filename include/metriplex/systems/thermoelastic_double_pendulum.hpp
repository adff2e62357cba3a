#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes two masses m in a plane on two thermoelastic springs in a row, which exchange heat with conductivity κ.
///
/// Math: E = |p₁|²/2m + |p₂|²/2m + e(λ₁, S₁) + e(λ₂, S₂), λ₁ = |q₁|, λ₂ = |q₂ − q₁|, e(λ, S) = (log λ)²/2 + log λ +
/// exp(S − log λ) − 1, θ = ∂e/∂S; Ṡ₁ = κ(θ₂/θ₁ − 1), Ṡ₂ = κ(θ₁/θ₂ − 1) (Romero 2009, "Thermodynamically consistent
/// time-stepping algorithms for non-linear thermomechanical systems", IJNME 79; Zhang, Shin & Karniadakis 2022, 4.2).
/// Shapes: x = (q₁, q₂, p₁, p₂, S₁, S₂), the first four in the plane.
/// Units: none.
struct ThermoelasticDoublePendulum {
  static constexpr std::string_view name = "thermoelastic_double_pendulum";
  static constexpr int dim = 10;
  static constexpr int entropies = 2;
  static constexpr int parameters = 2;
  static constexpr int friction_rank = 1;
  static constexpr std::array<std::string_view, 10> state_names{"q1x", "q1y", "q2x", "q2y", "p1x",
                                                                "p1y", "p2x", "p2y", "S1",  "S2"};
  static constexpr std::array<std::string_view, 2> parameter_names{"m", "kappa"};
  static constexpr Box<2> parameter_box{{0.5, 0.1}, {2, 1}};
  static constexpr Box<10> initial_box{{0.9, -0.1, 2.1, -0.1, -0.1, 1.9, 0.9, -0.1, 0.9, 0.1},
                                       {1.1, 0.1, 2.3, 0.1, 0.1, 2.1, 1.1, 0.1, 1.1, 0.3}};

  /// Computes the energy at x of the member mu = (m, κ).
  template <class T>
  static T energy(const Vector<T, 10>& x, const Vector<double, 2>& mu) {
    T total = (x(4) * x(4) + x(5) * x(5) + x(6) * x(6) + x(7) * x(7)) / (2 * mu(0));
    for (int spring = 0; spring < 2; ++spring) {
      const T strain = log_length(x, spring);
      total += strain * strain / 2 + strain + temperature(x, spring) - 1;
    }
    return total;
  }

  /// Writes the root of friction: heat flows from one spring to the other alone.
  template <class T>
  static void friction(const Vector<T, 10>& x, const Vector<double, 2>& mu, T* c) {
    using std::sqrt;
    c[44] = sqrt(T(mu(1)) / (temperature(x, 0) * temperature(x, 1)));  // the pair (S₁, S₂), the last of 45
  }

  /// Computes θ of a spring.
  template <class T>
  static T temperature(const Vector<T, 10>& x, int spring) {
    using std::exp;
    return exp(x(8 + spring) - log_length(x, spring));
  }

 private:
  template <class T>
  static T log_length(const Vector<T, 10>& x, int spring) {
    using std::log;
    const T across = spring == 0 ? x(0) : x(2) - x(0), along = spring == 0 ? x(1) : x(3) - x(1);
    return log(across * across + along * along) / 2;
  }
};

}  // namespace metriplex
