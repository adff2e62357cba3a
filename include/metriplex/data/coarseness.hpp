#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/data/complete_pieces.hpp"
#include "metriplex/data/local_polynomial.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/data/roughness.hpp"

namespace metriplex {

/// Tells how coarsely a motion is sampled for how it moves: the fourth power is what one step of the classical Runge-Kutta method from
/// sample to sample loses, relative to the rate.
///
/// Math: h (x⁽⁵⁾/(5! ẋ))^¼, with root mean squares of the derivatives; of sin ωt it is ωh/3.3.
inline double coarseness(double fifth_derivative, double rate, double interval) {
  return fifth_derivative > 0 ? interval * std::pow(fifth_derivative / (120 * rate), 0.25) : 0.0;
}

/// Tells it of the component of a family that is sampled most coarsely, by its states alone, given the deviation of their noise; of uneven
/// intervals by the mean of their fourth powers, as what they lose.
template <int Dim>
double coarseness(const Recordings<Dim>& family, const Vector<double, Dim>& noise) {
  constexpr double longest_gap = 4;
  Roughness<Dim> roughness;
  Vector<double, Dim> squares = Vector<double, Dim>::Zero();
  double samples = 0, powers = 0, intervals = 0;
  for (const Member<Dim>& member : family.members)
    for (const Motion<Dim>& motion : member.motions)
      for (const Motion<Dim>& piece : complete_pieces(motion, longest_gap)) {
        const Index n = piece.samples();
        roughness.add(piece);
        squares += estimate_rates(piece).rowwise().squaredNorm();
        samples += static_cast<double>(n);
        for (Index k = 0; k + 1 < n; ++k) powers += std::pow(piece.times[k + 1] - piece.times[k], 4);
        intervals += static_cast<double>(n - 1);
      }
  const Vector<double, Dim> fifth = roughness.fifth_derivative(noise);
  double most = 0;
  for (int i = 0; i < Dim && intervals > 0; ++i)
    most = std::max(
        most, coarseness(fifth[i], std::sqrt(squares[i] / samples), std::pow(powers / intervals, 0.25)));
  return most;
}

}  // namespace metriplex
