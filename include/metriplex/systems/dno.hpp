#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes damped nonlinear oscillators: stiffness k, damping γ, whose heat becomes the entropy of a bath of
/// temperature 1.
///
/// Math: E = p²/2 − k cos q + S; ṗ = −k sin q − γp, Ṡ = γp² (Shang & Öttinger 2020, 4a).
/// Units: none.
struct Dno {
  static constexpr std::string_view name = "dno";
  static constexpr int dim = 3;
  static constexpr int entropies = 1;
  static constexpr int parameters = 2;
  static constexpr int friction_rank = 1;
  static constexpr std::array<std::string_view, 3> state_names{"q", "p", "S"};
  static constexpr std::array<std::string_view, 2> parameter_names{"k", "gamma"};
  static constexpr Box<2> parameter_box{{0.5, 0.05}, {2, 0.5}};
  static constexpr Box<3> initial_box{{-2, -1, 0}, {2, 1, 1}};

  /// Computes the energy at x = (q, p, S) of the member mu = (k, γ).
  template <class T>
  static T energy(const Vector<T, 3>& x, const Vector<double, 2>& mu) {
    using std::cos;
    const T &q = x(0), &p = x(1), &s = x(2);
    return p * p / 2 - mu(0) * cos(q) + s;
  }

  /// Writes the root of friction: heat flows from p to S alone.
  template <class T>
  static void friction(const Vector<T, 3>&, const Vector<double, 2>& mu, T* c) {
    c[2] = T(std::sqrt(mu(1)));  // the pair (p, S)
  }

  /// Moves x by friction alone, exactly: p decays, and what it loses becomes entropy.
  static void relax(Vector<double, 3>& x, const Vector<double, 2>& mu, double dt) {
    x(2) += x(1) * x(1) / 2 * -std::expm1(-2 * mu(1) * dt);
    x(1) *= std::exp(-mu(1) * dt);
  }

  /// Shang and Öttinger's own member and horizon: k = 1, γ = 0.01.
  static Vector<double, 2> reference_member() { return {1, 0.01}; }
  static Vector<double, 3> reference_state() { return {1, 0, 0}; }
  static constexpr double reference_horizon = 180;
};

}  // namespace metriplex
