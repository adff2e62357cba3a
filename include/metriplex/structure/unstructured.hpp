#pragma once

#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves a state as a network says, with no law at all: what is left where no structure is known, and the honest baseline
/// where one is.
///
/// Math: ẋ = f(x) (neural ordinary differential equations, Chen et al. 2018; with `FullWeight`, the setting of CoDA,
/// Kirchmeyer et al. 2022).
template <int Dim>
struct Unstructured {
  static_assert(Dim >= 1, "a state has at least one component");
  static constexpr std::string_view name = "unstructured";
  static constexpr int dim = Dim;
  static constexpr std::array<NetworkSlot, 1> networks{{{"f", Role::rate, 0, Dim, Dim}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr int canonical_pairs = 0;

  static constexpr std::array<int, 3> components(int, int output) { return {output, -1, -1}; }

  template <class T>
  static void field(const T* rate, T* dx) {
    for (int i = 0; i < Dim; ++i) dx[i] = rate[i];
  }
  template <class T>
  static void pullback(const T*, const T* d_dx, T* d_rate) {
    for (int i = 0; i < Dim; ++i) d_rate[i] = d_dx[i];
  }
};

}  // namespace metriplex
