#pragma once

#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves a state as a network says, with no law at all: what is left where no structure is known, and the honest baseline
/// where one is.
///
/// Math: ẋ = f(x, u), inputs u held from sample to sample (neural ordinary differential equations, Chen et al. 2018; with `FullWeight`, the setting of CoDA,
/// Kirchmeyer et al. 2022).
/// Shapes: x [Dim], and behind it u [Inputs].
template <int Dim, int Inputs = 0>
struct Unstructured {
  static_assert(Dim >= 1 && Inputs >= 0, "a state has at least one component");
  static constexpr std::string_view name = "unstructured";
  static constexpr int dim = Dim + Inputs;
  static constexpr int given = Inputs;
  static constexpr std::array<NetworkSlot, 1> networks{{{"f", Role::rate, 0, dim, Dim}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr int canonical_pairs = 0;

  static constexpr std::array<int, 3> components(int, int output) { return {output, -1, -1}; }

  template <class T>
  static void field(const T* rate, T* dx) {
    for (int i = 0; i < Dim; ++i) dx[i] = rate[i];
    for (int i = Dim; i < dim; ++i) dx[i] = T{};
  }
  template <class T>
  static void pullback(const T*, const T* d_dx, T* d_rate) {
    for (int i = 0; i < Dim; ++i) d_rate[i] = d_dx[i];
  }
};

}  // namespace metriplex
