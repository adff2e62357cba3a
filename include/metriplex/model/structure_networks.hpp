#pragma once

#include "metriplex/nn/curvatures.hpp"
#include "metriplex/nn/networks.hpp"
#include "metriplex/nn/periodic.hpp"
#include "metriplex/nn/plus.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/nn/shared.hpp"
#include "metriplex/nn/simd.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Names the network in slot k of a structure; `Nets` is one `Mlp` for all, or `Networks` with one for each.
template <class Structure, class Nets, int k>
using NetworkOf = typename NetworkAt<Nets, k, Structure::networks[static_cast<std::size_t>(k)].rows,
                                     Structure::networks[static_cast<std::size_t>(k)].outputs>::type;

/// Tells whether a network sees its row i as an angle.
template <class Net>
constexpr bool sees_angle(int i) {
  if constexpr (HasAngles<Net>) return Net::angles[static_cast<std::size_t>(i)];
  return false;
}

/// Tells which components of the state are angles: those that a network sees as such, and then all must that see them.
template <class Structure, class Nets>
inline constexpr auto angle_components = [] {
  std::array<bool, Structure::dim> angles{};
  unroll<network_count<Structure>>([&](auto k) {
    using Net = NetworkOf<Structure, Nets, k()>;
    for (int i = 0; i < Net::inputs; ++i)
      if (sees_angle<Net>(i))
        angles[static_cast<std::size_t>(Structure::networks[static_cast<std::size_t>(k())].row(i))] = true;
  });
  return angles;
}();

/// Tells whether network k sees as angles those components that any does.
template <class Structure, class Nets, int k>
constexpr bool angles_agree() {
  using Net = NetworkOf<Structure, Nets, k>;
  for (int i = 0; i < Net::inputs; ++i)
    if (sees_angle<Net>(i) != angle_components<Structure, Nets>[static_cast<std::size_t>(
                                  Structure::networks[static_cast<std::size_t>(k)].row(i))])
      return false;
  return true;
}

/// Tells whether a network of (q, v) sees some velocity as an angle.
template <class Net>
constexpr bool speeds_as_angles() {
  for (int i = Net::inputs / 2; i < Net::inputs; ++i)
    if (sees_angle<Net>(i)) return true;
  return false;
}

/// Fails to compile, in one sentence, unless every network has the inputs and outputs of its slot.
template <class Structure, class Nets>
consteval bool require_networks() {
  unroll<network_count<Structure>>([](auto k) {
    constexpr NetworkSlot slot = Structure::networks[static_cast<std::size_t>(k())];
    using Net = NetworkOf<Structure, Nets, k()>;
    static_assert(Net::inputs == slot.rows || (!slot.is_potential() && slot.role != Role::jet &&
                                               slot.role != Role::lagrangian && Net::inputs == 0),
                  "the network's number of inputs differs from the rows of the state that the structure's "
                  "slot sees");
    static_assert(!slot.is_potential() || Net::outputs == 1, "a potential is a network with one output");
    static_assert(slot.role != Role::lagrangian || !speeds_as_angles<Net>(),
                  "a Lagrangian sees positions as angles, no velocities: those count turns a time");
    static_assert(slot.is_potential() || !IsShared<Net>,
                  "a shared network stands for a potential, no other network");
    static_assert(slot.given == 0 || !IsShared<Net>,
                  "a shared network sees components of the state alone, neither time nor inputs");
    if constexpr (Net::inputs == slot.rows)
      static_assert(angles_agree<Structure, Nets, k()>(),
                    "a component that one network sees as an angle is one for all networks that see it");
    static_assert(slot.is_potential() || Net::outputs == slot.outputs,
                  "the network's number of outputs differs from the coefficients that the structure's slot "
                  "needs");
  });
  return true;
}

/// Sums count.operator()<Net>() over the first networks of a structure.
template <class Structure, class Nets, class Count>
constexpr int sum_over_networks(Count count, int networks = network_count<Structure>) {
  int sum = 0;
  unroll<network_count<Structure>>([&](auto k) {
    if (k() < networks) sum += count.template operator()<NetworkOf<Structure, Nets, k()>>();
  });
  return sum;
}

/// Tells where a network of a structure begins in the flat vector of all, one `MlpLayout` after the other.
template <class Structure, class Nets, RealScalar Scalar>
constexpr int network_offset(int network) {
  return sum_over_networks<Structure, Nets>([]<class Net>() { return MlpLayout<Net, Scalar>::size(); },
                                            network);
}

/// Returns the unit that a scaling gives what is taken from a network.
template <RealScalar Scalar, int Dim>
Scalar unit_of(const Scaling<Scalar, Dim>& scaling, Role role) {
  switch (role) {
    case Role::energy:
    case Role::lagrangian:
      return scaling.energy;
    case Role::entropy:
      return scaling.entropy;
    case Role::bracket:
    case Role::rate:
      return scaling.bracket;
    case Role::friction:
      return scaling.friction;
    case Role::coefficients:
    case Role::jet:
      break;
  }
  return Scalar(1);
}

/// Returns the unit of one column of a slot: a slope's by its component, another's by the components that it joins.
template <class Structure, int Slot, RealScalar Scalar>
Scalar unit_of_column(const Scaling<Scalar, Structure::dim>& scaling, int column) {
  constexpr NetworkSlot slot = Structure::networks[static_cast<std::size_t>(Slot)];
  Scalar unit = unit_of(scaling, slot.role);
  if constexpr (slot.is_potential()) {
    unit *= scaling.inverse_scale[slot.row(column)];
  } else if constexpr (slot.role == Role::lagrangian) {
    constexpr int half = slot.rows / 2;
    const auto by_speed = [&](int i) { unit *= scaling.inverse_scale[slot.first + half + i]; };
    if (column >= 1 && column <= slot.rows) unit *= scaling.inverse_scale[slot.first + column - 1];
    for_each_curvature<half>([&](int i, int j, int index) {
      if (column != 1 + slot.rows + index) return;
      by_speed(i);
      if (j < half) by_speed(j);  // along q̇, which has its own
    });
  } else {
    const int output = column / slot.columns_each(), along = column % slot.columns_each() - 1;
    if constexpr (HasComponents<Structure>)
      for (const int component : joined_components<Structure, Slot>[static_cast<std::size_t>(output)])
        if (component >= 0) unit /= scaling.inverse_scale[component];
    if (along >= 0) unit *= scaling.inverse_scale[slot.row(along)];
  }
  return unit;
}

}  // namespace metriplex
