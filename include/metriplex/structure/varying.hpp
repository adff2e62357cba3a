#pragma once

#include "metriplex/structure/extended.hpp"

namespace metriplex {

/// Lets the networks of a structure see what it is given, time or inputs: an energy H(x, t), a friction R(x, u), a gain G(x, u), a field
/// f(x, t).
///
/// Math: the base's motion with all that it learns a function of (x, g), g what is given; its law stays at each g: dE/dt gains ∂E/∂g ġ, which
/// is ∂E/∂t (Desai et al. 2021, "Port-Hamiltonian neural networks", eq. 5, for H(q, p, t)) and nothing while inputs are held.
/// `GradientStructure`s are so no more: a discrete gradient keeps an energy that stays.
/// Shapes: those of the base; its networks have `given_count<Base>` inputs more, the last ones. Jets and Lagrangians (an inertia that depends on
/// the time would move by its rate, too) and constants see nothing more.
template <Structure Base>
struct Varying : ExtendedStructure<Base, 0> {
  static constexpr int own = detail::own_count<Base>, dim = Base::dim;
  static_assert(own < dim,
                "a structure varies with what it is given: WithTime<Base>, WithInputs<Base>, Driven<Base>, "
                "Forced<Base>");
  static constexpr auto label = detail::joined_name({"varying_", Base::name});
  static constexpr std::string_view name = label;
  static constexpr auto networks = [] {
    auto slots = Base::networks;
    for (NetworkSlot& slot : slots) {
      if (slot.rows == 0 || slot.first >= own || slot.role == Role::jet || slot.role == Role::lagrangian)
        continue;
      const int seen = std::min(slot.rows - slot.given, own - slot.first);
      slot.rows = seen + dim - own;
      slot.given = dim - own;
      slot.between = own - (slot.first + seen);
    }
    return slots;
  }();

  template <class T>
  static void field(const Place<T>& at, const T* outputs, T* dx) {
    const Known<T> known(outputs);
    field_of<Base>(at, static_cast<const T*>(known.outputs), dx);
  }
  template <class T>
  static void pullback(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
    const Known<T> known(outputs);
    T d_known[columns];
    detail::pull_back_base<Base>(at, static_cast<const T*>(known.outputs), d_dx, d_known, d_x);
    std::fill_n(d_outputs, output_columns<Varying>, T{});
    for (std::size_t i = 0; i < columns; ++i) d_outputs[place[i]] = d_known[i];
  }

  template <class T>
  static T energy(const Place<T>& at, const T* outputs) requires HasOwnEnergy<Base> {
    const Known<T> known(outputs);
    return Base::energy(at, static_cast<const T*>(known.outputs));
  }
  template <class T>
  static void energy_pullback(const Place<T>& at, const T* outputs, const T& d_energy, T* d_outputs,
                              T* d_x) requires HasOwnEnergy<Base> {
    const Known<T> known(outputs);
    T d_known[columns];
    std::fill_n(d_known, columns, T{});
    Base::energy_pullback(at, static_cast<const T*>(known.outputs), d_energy, d_known, d_x);
    for (std::size_t i = 0; i < columns; ++i) d_outputs[place[i]] += d_known[i];
  }

  /// Returns the power that comes in by what is given: the base's, and by how much the energy changes as the time passes.
  template <class T>
  static T supply(const Place<T>& at, const T* outputs, const T* energy_slope) {
    const Known<T> known(outputs);
    T dx[dim], power = detail::supply_of<Base>(at, static_cast<const T*>(known.outputs), energy_slope);
    field_of<Base>(at, static_cast<const T*>(known.outputs), dx);
    for (int i = own; i < dim; ++i) power += energy_slope[i] * dx[i];
    return power;
  }

 private:
  static constexpr std::size_t columns = static_cast<std::size_t>(output_columns<Base>);

  /// Where among the outputs those of the base are: what a potential has beside is its slope by what is given.
  static constexpr auto place = [] {
    std::array<std::size_t, columns> places{};
    std::size_t i = 0, first = 0;
    for (std::size_t k = 0; k < networks.size(); ++k) {
      const NetworkSlot slot = networks[k], base = Base::networks[k];
      for (int column = 0; column < base.columns(); ++column) {
        int to = column;
        while (base.is_potential() && slot.row(to) != base.row(column)) ++to;
        places[i++] = first + static_cast<std::size_t>(to);
      }
      first += static_cast<std::size_t>(slot.columns());
    }
    return places;
  }();

  /// Is what the base is given of the networks.
  template <class T>
  struct Known {
    T outputs[columns];
    explicit Known(const T* all) {
      for (std::size_t i = 0; i < columns; ++i) outputs[i] = all[place[i]];
    }
  };
};

}  // namespace metriplex
