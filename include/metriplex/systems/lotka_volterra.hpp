#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes prey x and predators y: predation β, its yield δ; growth of prey and death of predators are ½.
///
/// Math: ẋ = αx − βxy, ẏ = δxy − γy, α = γ = ½ (Kirchmeyer et al. 2022, "Generalizing to New Physical Systems via Context-
/// Informed Dynamics Model", CoDA); H = δx − γ log x + βy − α log y stays: ẋ = −xy ∂H/∂y, ẏ = xy ∂H/∂x. The box holds
/// CoDA's training members {½, ¾, 1}² and those it adapts to, {⅝, 1⅛}².
/// Units: none.
struct LotkaVolterra {
  static constexpr std::string_view name = "lotka_volterra";
  static constexpr int dim = 2;
  static constexpr int parameters = 2;
  static constexpr double alpha = 0.5, gamma = 0.5;
  static constexpr std::array<std::string_view, 2> state_names{"x", "y"};
  static constexpr std::array<std::string_view, 2> parameter_names{"beta", "delta"};
  static constexpr Box<2> parameter_box{{0.5, 0.5}, {1.125, 1.125}};
  static constexpr Box<2> initial_box{{1, 1}, {2, 2}};

  /// Computes the energy at x = (x, y) of the member mu = (β, δ).
  template <class T>
  static T energy(const Vector<T, 2>& x, const Vector<double, 2>& mu) {
    using std::log;
    return mu(1) * x(0) - gamma * log(x(0)) + mu(0) * x(1) - alpha * log(x(1));
  }

  /// Writes the rate at x of the member mu.
  template <class T>
  static void rate(const Vector<T, 2>& x, const Vector<double, 2>& mu, Vector<T, 2>& dx) {
    const T met = x(0) * x(1);
    dx(0) = alpha * x(0) - mu(0) * met;
    dx(1) = mu(1) * met - gamma * x(1);
  }
};

}  // namespace metriplex
