#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "metriplex/core/error.hpp"

namespace metriplex {

/// Names what `RolloutLoss` integrates by.
enum class RolloutScheme { rk4, implicit_midpoint, gauss_legendre4, gauss_legendre6 };

/// Holds what there is to know of such a scheme.
struct RolloutSchemeTraits {
  static constexpr int most_steps = 64;  ///< in an interval

  std::string_view name;  ///< as integrators are named
  int gauss_stages;       ///< of a method of Gauss and Legendre; 0: it is none
  int order;
  double linear_error;  ///< of a step h of ẋ = λx, over (hλ)^(order + 1) x

  /// Finds how many steps keep what an interval loses below a part of what the rates move it by, at least one.
  ///
  /// Math: linear_error (hω)^order ≤ truncation, ω of the sine that is sampled with this `coarseness`.
  int steps(double coarseness, double truncation) const {
    constexpr double angle = 3.309750919646873;  // of that sine over coarseness, 120^¼
    const double least = coarseness * angle * std::pow(linear_error / truncation, 1.0 / order);
    return static_cast<int>(std::clamp<double>(std::ceil(least), 1, most_steps));
  }
};

/// Lists the schemes, in the order of `RolloutScheme`.
///
/// Math: RK4 leaves out (hλ)⁵/5!; s stages of Gauss and Legendre are the Padé approximation of eˣ of degrees (s, s), which is off by
/// (s!)²/((2s)! (2s + 1)!) x^(2s + 1) (Hairer & Wanner 1996, "Solving ordinary differential equations II", IV.3).
inline constexpr std::array<RolloutSchemeTraits, 4> rollout_schemes{
    {{"rk4", 0, 4, 1.0 / 120},
     {"implicit_midpoint", 1, 2, 1.0 / 12},
     {"gauss_legendre4", 2, 4, 1.0 / 720},
     {"gauss_legendre6", 3, 6, 1.0 / 100800}}};

constexpr const RolloutSchemeTraits& traits_of(RolloutScheme scheme) {
  return rollout_schemes[static_cast<std::size_t>(scheme)];
}

/// Finds a scheme by its name.
///
/// Errors: a name that none has.
inline RolloutScheme rollout_scheme(std::string_view name) {
  std::size_t at = 0;
  while (at < rollout_schemes.size() && rollout_schemes[at].name != name) ++at;
  require(
      at < rollout_schemes.size(),
      {"expected rk4, implicit_midpoint, gauss_legendre4 or gauss_legendre6 to integrate rollouts by, got '",
       name, "'"});
  return static_cast<RolloutScheme>(at);
}

}  // namespace metriplex
