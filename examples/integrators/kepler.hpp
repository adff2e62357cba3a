#pragma once

#include <cmath>
#include <numbers>

#include "metriplex/core/types.hpp"

namespace metriplex::show {

/// Is the motion of two bodies about each other, H = |p|²/2 − 1/|q|: separable, canonical, with a known solution.
///
/// Shapes: x = (q, p) [4 x 1].
/// Units: a period is 2π.
struct Kepler {
  using State = Vector<double, 4>;
  using Half = Vector<double, 2>;
  static constexpr bool canonical = true, quadratic_kinetic = true;
  static constexpr double period = 2 * std::numbers::pi;

  static constexpr int dim() { return 4; }
  void velocity(const Half& p, Half& dq) const { dq = p; }
  void force(const Half& q, Half& dp) const {
    const double square = q[0] * q[0] + q[1] * q[1], cube = square * std::sqrt(square);
    dp[0] = -q[0] / cube;
    dp[1] = -q[1] / cube;
  }
  void operator()(const State& x, State& dx) const {
    const double square = x[0] * x[0] + x[1] * x[1], cube = square * std::sqrt(square);
    dx[0] = x[2];
    dx[1] = x[3];
    dx[2] = -x[0] / cube;
    dx[3] = -x[1] / cube;
  }
  static double energy(const State& x) {
    return (x[2] * x[2] + x[3] * x[3]) / 2 - 1 / std::sqrt(x[0] * x[0] + x[1] * x[1]);
  }
  static double angular_momentum(const State& x) { return x[0] * x[3] - x[1] * x[2]; }
  void jacobian(const State& x, Matrix<double, 4, 4>& J) const {
    const double square = x[0] * x[0] + x[1] * x[1], cube = square * std::sqrt(square);
    J.setZero();
    for (int i = 0; i < 2; ++i) {
      J(i, 2 + i) = 1;
      for (int j = 0; j < 2; ++j) J(2 + i, j) = (3 * x[i] * x[j] / square - (i == j ? 1 : 0)) / cube;
    }
  }

  /// Computes the state at time t on the ellipse of half axis 1, from its perihelion.
  ///
  /// Math: t = E − e sin E (Kepler's equation, by Newton's method), q = (cos E − e, √(1 − e²) sin E).
  static State exact(double t, double eccentricity) {
    double anomaly = t;
    for (int i = 0; i < 50; ++i)
      anomaly -= (anomaly - eccentricity * std::sin(anomaly) - t) / (1 - eccentricity * std::cos(anomaly));
    const double c = std::cos(anomaly), s = std::sin(anomaly), b = std::sqrt(1 - eccentricity * eccentricity);
    const double rate = 1 / (1 - eccentricity * c);
    return {c - eccentricity, b * s, -s * rate, b * c * rate};
  }
};

}  // namespace metriplex::show
