#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes the concentrations of seven species in yeast's glycolysis, which oscillate: rate k₁ and constant K₁ of the first
/// reaction's inhibition. It has no energy.
///
/// Math: s = k₁x₀x₅/(1 + (x₅/K₁)⁴); ẋ₀ = J₀ − s, ẋ₁ = 2s − k₂x₁(N − x₄) − k₆x₁x₄, ẋ₂ = k₂x₁(N − x₄) − k₃x₂(A − x₅), ẋ₃ = k₃x₂(A −
/// x₅) − k₄x₃x₄ − κ(x₃ − x₆), ẋ₄ = k₂x₁(N − x₄) − k₄x₃x₄ − k₆x₁x₄, ẋ₅ = −2s + 2k₃x₂(A − x₅) − k₅x₅, ẋ₆ = ψκ(x₃ − x₆) − kx₆ (Daniels &
/// Nemenman 2015; boxes of Kirchmeyer et al. 2022, CoDA).
/// Units: millimoles, minutes.
struct Glycolytic {
  static constexpr std::string_view name = "glycolytic";
  static constexpr int dim = 7;
  static constexpr int parameters = 2;
  static constexpr double max_step = 0.0005;
  static constexpr std::array<std::string_view, 7> state_names{"x0", "x1", "x2", "x3", "x4", "x5", "x6"};
  static constexpr std::array<std::string_view, 2> parameter_names{"k1", "K1"};
  static constexpr Box<2> parameter_box{{80, 0.5}, {100, 1}};
  static constexpr Box<7> initial_box{{0.15, 0.19, 0.04, 0.1, 0.08, 0.14, 0.05},
                                      {1.6, 2.16, 0.2, 0.35, 0.3, 2.67, 0.1}};

  /// Writes the rate at x of the member mu = (k₁, K₁).
  template <class T>
  static void rate(const Vector<T, 7>& x, const Vector<double, 2>& mu, Vector<T, 7>& dx) {
    constexpr double supply = 2.5, k2 = 6, k3 = 16, k4 = 100, k5 = 1.28, k6 = 12, nad = 1, adenosine = 4,
                     membrane = 13, volumes = 0.1, k = 1.8;
    const T ratio = x(5) / mu(1), square = ratio * ratio;
    const T s = mu(0) * x(0) * x(5) / (1 + square * square);
    const T second = k2 * x(1) * (nad - x(4)), third = k3 * x(2) * (adenosine - x(5)),
            fourth = k4 * x(3) * x(4), sixth = k6 * x(1) * x(4), out = membrane * (x(3) - x(6));
    dx(0) = supply - s;
    dx(1) = 2 * s - second - sixth;
    dx(2) = second - third;
    dx(3) = third - fourth - out;
    dx(4) = second - fourth - sixth;
    dx(5) = -2 * s + 2 * third - k5 * x(5);
    dx(6) = volumes * out - k * x(6);
  }
};

}  // namespace metriplex
