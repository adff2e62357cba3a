#pragma once

#include "metriplex/structure/extended.hpp"

namespace metriplex {

/// Pushes a structure by a force of the time alone, which nobody measures and a network learns; the time is the last
/// component of the state.
///
/// Math: ẋ = base(x) + F(t) on the components from `First` on, ṫ = 1 (Desai et al. 2021, "Port-Hamiltonian neural networks", eq. 5, of a
/// `PortHamiltonian` base); dE/dt is at most ∂E/∂x·F.
/// Shapes: x [Base::dim], t [1]; F [components of the base that are not given − First].
/// Units: t in those of the rates.
template <Structure Base, int First = detail::own_count<Base> / 2>
struct Forced : ExtendedStructure<Base, 1> {
  static_assert(First >= 0 && First < detail::own_count<Base>, "a force acts on at least one component");
  static constexpr auto label = detail::joined_name({"forced_", Base::name});
  static constexpr std::string_view name = label;
  static constexpr int forced = detail::own_count<Base> - First;
  static constexpr auto networks = detail::one_more<Base>({"F", Role::rate, Base::dim, 1, forced});

  static constexpr std::array<int, 3> components(int slot, int output) {
    if (slot == network_count<Base>) return {First + output, -1, -1};
    return detail::components_of<Base>(slot, output);
  }

  template <class T>
  static void field(const Place<T>& at, const T* outputs, T* dx) {
    field_of<Base>(at, outputs, dx);
    for (int i = 0; i < forced; ++i) dx[First + i] += outputs[output_columns<Base> + i];
    dx[Base::dim] = T{} + 1.0f;
  }
  template <class T>
  static void pullback(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
    detail::pull_back_base<Base>(at, outputs, d_dx, d_outputs, d_x);
    for (int i = 0; i < forced; ++i) d_outputs[output_columns<Base> + i] = d_dx[First + i];
    d_x[Base::dim] = T{};
  }

  /// Returns the power that the force supplies.
  template <class T>
  static T supply(const Place<T>& at, const T* outputs, const T* energy_slope) {
    T power = detail::supply_of<Base>(at, outputs, energy_slope);
    for (int i = 0; i < forced; ++i) power += outputs[output_columns<Base> + i] * energy_slope[First + i];
    return power;
  }
};

}  // namespace metriplex
