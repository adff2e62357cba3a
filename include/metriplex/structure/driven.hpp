#pragma once

#include <algorithm>

#include "metriplex/structure/extended.hpp"

namespace metriplex {

/// Drives a structure by measured inputs u, which stand behind its components in the state and are held from sample to
/// sample: forces, torques, currents. What it does without them, it does by its own laws.
///
/// Math: ẋ = base(x) + G(x) ũ on the components from `First` on, u̇ = 0, ũ = u in the units of its spread; dE/dt is at most yᵀũ, with the
/// output y = Gᵀ∂E/∂x (van der Schaft & Jeltsema 2014, "Port-Hamiltonian systems theory", §2.3), = without friction. Of a
/// mechanical base G is M⁻¹ of the generalised forces, and so y what they push along with.
/// Shapes: x [Base::dim], u [Inputs]; G [(components of the base that are not given − First) x Inputs], row-major, from the components before `First` (all if it
/// is 0), or from `Constants`.
template <Structure Base, int Inputs = 1, int First = detail::own_count<Base> / 2>
struct Driven : ExtendedStructure<Base, Inputs> {
  static_assert(Inputs >= 1 && First >= 0 && First < detail::own_count<Base>,
                "a driven structure has at least one input, which acts on at least one component");
  static constexpr auto label = detail::joined_name({"driven_", Base::name});
  static constexpr std::string_view name = label;
  static constexpr int forced = detail::own_count<Base> - First;
  static constexpr auto networks =
      detail::one_more<Base>({"G", Role::rate, 0, First > 0 ? First : Base::dim, forced* Inputs});

  static constexpr std::array<int, 3> components(int slot, int output) {
    if (slot == network_count<Base>) return {First + output / Inputs, -1, -1};
    return detail::components_of<Base>(slot, output);
  }

  template <class T>
  static void field(const Place<T>& at, const T* outputs, T* dx) {
    field_of<Base>(at, outputs, dx);
    for (int j = 0; j < Inputs; ++j) {
      const T u = at.x[Base::dim + j] / at.unit[Base::dim + j];
      for (int i = 0; i < forced; ++i) dx[First + i] += gain(outputs, i, j) * u;
      dx[Base::dim + j] = T{};
    }
  }
  template <class T>
  static void pullback(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
    detail::pull_back_base<Base>(at, outputs, d_dx, d_outputs, d_x);
    for (int j = 0; j < Inputs; ++j) {
      const T u = at.x[Base::dim + j] / at.unit[Base::dim + j];
      T d_u{};
      for (int i = 0; i < forced; ++i) {
        d_outputs[output_columns<Base> + i * Inputs + j] = d_dx[First + i] * u;
        d_u += d_dx[First + i] * gain(outputs, i, j);
      }
      d_x[Base::dim + j] = d_u / at.unit[Base::dim + j];
    }
  }

  /// Writes the outputs of the port, y of the law above, from the slope of the energy.
  template <class T>
  static void port(const T* outputs, const T* energy_slope, T* y) {
    for (int j = 0; j < Inputs; ++j) {
      y[j] = T{};
      for (int i = 0; i < forced; ++i) y[j] += gain(outputs, i, j) * energy_slope[First + i];
    }
  }
  /// Returns the power that the inputs supply, yᵀũ.
  template <class T>
  static T supply(const Place<T>& at, const T* outputs, const T* energy_slope) {
    T y[Inputs], power = detail::supply_of<Base>(at, outputs, energy_slope);
    port(outputs, energy_slope, y);
    for (int j = 0; j < Inputs; ++j) power += y[j] * (at.x[Base::dim + j] / at.unit[Base::dim + j]);
    return power;
  }

 private:
  template <class T>
  static const T& gain(const T* outputs, int i, int j) {
    return outputs[output_columns<Base> + i * Inputs + j];
  }
};

}  // namespace metriplex
