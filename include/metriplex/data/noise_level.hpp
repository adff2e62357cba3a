#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "metriplex/data/recordings.hpp"

namespace metriplex {
namespace detail {

/// Finds how far a sample is from the polynomial of degree `Degree` through it and its neighbours, as the combination of
/// `Points` values with squares that sum to 1: of white noise it has the noise's deviation.
///
/// Math: (e_c − Q Qᵀe_c)/√(1 − |Qᵀe_c|²), Q an orthonormal basis of the polynomials at the times (modified Gram-Schmidt).
/// Returns false where the others hardly tell of the sample: it lies too far from them.
template <int Degree, int Points>
bool residual_weights(const std::array<double, Points>& times, std::array<double, Points>& weights) {
  constexpr int centre = Points / 2;
  const double middle = times[centre], reach = std::max(times[Points - 1] - middle, middle - times[0]);
  std::array<std::array<double, Points>, Degree + 1> basis;
  weights.fill(0);
  weights[centre] = 1;
  double left = 1;
  for (int d = 0; d <= Degree; ++d) {
    auto& q = basis[static_cast<std::size_t>(d)];
    for (int k = 0; k < Points; ++k)  // t times the last one: better conditioned than powers
      q[k] = d == 0 ? 1 : (times[k] - middle) / reach * basis[static_cast<std::size_t>(d - 1)][k];
    for (int twice = 0; twice < 2; ++twice)
      for (int e = 0; e < d; ++e) {
        const auto& other = basis[static_cast<std::size_t>(e)];
        double dot = 0;
        for (int k = 0; k < Points; ++k) dot += q[k] * other[k];
        for (int k = 0; k < Points; ++k) q[k] -= dot * other[k];
      }
    double norm = 0;
    for (const double value : q) norm += value * value;
    if (!(norm > 0)) return false;
    for (double& value : q) value /= std::sqrt(norm);
    left -= q[centre] * q[centre];
    for (int k = 0; k < Points; ++k) weights[k] -= q[centre] * q[k];
  }
  if (!(left > 0.05)) return false;
  for (double& weight : weights) weight /= std::sqrt(left);
  return true;
}

/// Returns the deviation of the residuals of component i, at most some `most` of them, evenly spread; 0 where there are none. Of uneven
/// times the narrower three quarters of the windows count: in the wider more is left of the curve.
///
/// Math: the median of their magnitudes over that of a standard normal number, 0.6745: a few outliers or jumps do not count.
template <int Degree, int Points, int Dim>
double residual_deviation(const Recordings<Dim>& family, int i, Index most) {
  Index samples = 0;
  for (const Member<Dim>& member : family.members) samples += member.samples();
  const Index every = std::max<Index>(1, samples / most);
  std::vector<std::pair<double, double>> windows;  // their lengths, and residuals
  std::vector<Index> measured;
  Index count = 0;
  for (const Member<Dim>& member : family.members)
    for (const Motion<Dim>& motion : member.motions) {
      measured.clear();
      for (Index k = 0; k < motion.samples(); ++k)
        if (motion.weight(i, k) > 0) measured.push_back(k);
      for (std::size_t first = 0; first + Points <= measured.size(); ++first) {
        if (count++ % every != 0) continue;
        std::array<double, Points> times, weights;
        for (int k = 0; k < Points; ++k) times[k] = motion.times[measured[first + k]];
        if (!residual_weights<Degree, Points>(times, weights)) continue;
        const double base =
            motion.states(i, measured[first + Points / 2]);  // so that an offset costs no digits
        double residual = 0;
        for (int k = 0; k < Points; ++k)
          residual += weights[k] * (motion.states(i, measured[first + k]) - base);
        windows.emplace_back(times[Points - 1] - times[0], std::abs(residual));
      }
    }
  if (windows.empty()) return 0;
  const auto last = windows.begin() + static_cast<std::ptrdiff_t>(3 * windows.size() / 4);
  std::nth_element(windows.begin(), last, windows.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const double longest = last->first * (1 + 1e-6);
  std::vector<double> residuals;
  for (const auto& [length, residual] : windows)
    if (length <= longest) residuals.push_back(residual);
  const auto middle = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2);
  std::nth_element(residuals.begin(), middle, residuals.end());
  return *middle / 0.6744897501960817;
}

}  // namespace detail

/// Estimates the deviation of the white noise in each component of a family's states, from how far samples are from smooth
/// curves through their neighbours; times may be irregular, what has a weight of 0 is left out.
///
/// Math: residuals r = (x_c − p(t_c))/√(1 − h_c) of the middle sample of sliding least-squares polynomials p of degree 4 through 7
/// samples, h_c its leverage, pooled over all motions: their deviation is median|r|/0.6745 (Hampel 1974). Also of degree 6 through 9,
/// and the smaller of the two: what is left of coarsely sampled curves falls with the degree, noise does not.
/// Shapes: returns [Dim], in the units of the states; 0 where there is no noise, and where no motion has 7 measured samples.
template <int Dim>
Vector<double, Dim> noise_deviation(const Recordings<Dim>& family) {
  constexpr Index most = 100'000;  // residuals that tell more than enough
  Vector<double, Dim> deviation;
  for (int i = 0; i < Dim; ++i) {
    const double four = detail::residual_deviation<4, 7>(family, i, most);
    const double six = detail::residual_deviation<6, 9>(family, i, most);
    deviation[i] = six > 0 ? std::min(four, six) : four;
  }
  return deviation;
}

}  // namespace metriplex
