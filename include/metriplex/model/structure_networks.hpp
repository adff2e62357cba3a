#pragma once

#include "metriplex/nn/networks.hpp"
#include "metriplex/nn/periodic.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/nn/simd.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Names the network in slot k of a structure; `Nets` is one `Mlp` for all, or `Networks` with one for each.
template <class Structure, class Nets, int k>
using NetworkOf = typename NetworkAt<Nets, k, Structure::networks[static_cast<std::size_t>(k)].rows,
                                     Structure::networks[static_cast<std::size_t>(k)].outputs>::type;

/// Fails to compile, in one sentence, unless every network has the inputs and outputs of its slot.
template <class Structure, class Nets>
consteval bool require_networks() {
  unroll<network_count<Structure>>([](auto k) {
    constexpr NetworkSlot slot = Structure::networks[static_cast<std::size_t>(k())];
    using Net = NetworkOf<Structure, Nets, k()>;
    static_assert(
        Net::inputs == slot.rows || (!slot.is_potential() && slot.role != Role::jet && Net::inputs == 0),
        "the network's number of inputs differs from the rows of the state that the structure's "
        "slot sees");
    static_assert(!slot.is_potential() || Net::outputs == 1, "a potential is a network with one output");
    static_assert(slot.is_potential() || Net::outputs == slot.outputs,
                  "the network's number of outputs differs from the coefficients that the structure's slot "
                  "needs");
  });
  return true;
}

/// Tells which components of the state are angles: those that a network sees as such, and then all must that see them.
template <class Structure, class Nets>
inline constexpr auto angle_components = [] {
  std::array<bool, Structure::dim> angles{};
  const auto for_each_row = [&](auto body) {
    unroll<network_count<Structure>>([&](auto k) {
      constexpr NetworkSlot slot = Structure::networks[static_cast<std::size_t>(k())];
      using Net = NetworkOf<Structure, Nets, k()>;
      for (int i = 0; i < Net::inputs; ++i) {
        bool angle = false;
        if constexpr (HasAngles<Net>) angle = Net::angles[static_cast<std::size_t>(i)];
        body(static_cast<std::size_t>(slot.first + i), angle);
      }
    });
  };
  for_each_row([&](std::size_t row, bool angle) { angles[row] = angles[row] || angle; });
  for_each_row([&](std::size_t row, bool angle) {
    if (angle != angles[row])
      throw "a component that one network sees as an angle is one for all that see it";
  });
  return angles;
}();

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
    unit *= scaling.inverse_scale[slot.first + column];
  } else {
    const int output = column / slot.columns_each(), along = column % slot.columns_each() - 1;
    if constexpr (HasComponents<Structure>)
      for (const int component : joined_components<Structure, Slot>[static_cast<std::size_t>(output)])
        if (component >= 0) unit /= scaling.inverse_scale[component];
    if (along >= 0) unit *= scaling.inverse_scale[slot.first + along];
  }
  return unit;
}

}  // namespace metriplex
