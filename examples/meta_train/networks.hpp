#pragma once

#include <type_traits>
#include <utility>

#include "metriplex/nn/mlp.hpp"
#include "metriplex/nn/networks.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex::driver {

template <class Unit, int Inputs, int Width, int Outputs, int... layer>
Mlp<Unit, Inputs, (Width + 0 * layer)..., Outputs> perceptron(std::integer_sequence<int, layer...>);

/// The network of slot k, as the benchmark protocol has them: for a potential, a Lagrangian, an inertia or a whole rate `Depth`
/// hidden layers of `Width` units; for what else depends on the state, one of half as many; for what does not, constants.
template <class Structure, std::size_t k, int Width, int Depth>
struct SlotNetwork {
  static constexpr NetworkSlot slot = Structure::networks[k];
  static constexpr bool leading = slot.is_potential() || slot.role == Role::jet ||
                                  slot.role == Role::lagrangian || slot.role == Role::rate;
  /// With tanh the field of a Lagrangian is off by nearly twice as much (docs/structures.md).
  using Unit = std::conditional_t<slot.role == Role::lagrangian, Sin, Tanh>;
  using Leading =
      decltype(perceptron<Unit, slot.rows, Width, slot.outputs>(std::make_integer_sequence<int, Depth>{}));
  using Values = std::conditional_t<slot.rows == 0, Constants<slot.outputs>,
                                    Mlp<Tanh, slot.rows, Width / 2, slot.outputs>>;
  using type = std::conditional_t<leading, Leading, Values>;
};

template <class Structure, int Width, int Depth, std::size_t... k>
Networks<typename SlotNetwork<Structure, k, Width, Depth>::type...> all_networks(std::index_sequence<k...>);

/// The networks of all slots of a structure that --structure chose: its own, if it says which.
template <class Choice, class Structure, int Width, int Depth>
auto networks_of() {
  if constexpr (requires { typename Choice::template networks<Structure, Width, Depth>; })
    return std::type_identity<typename Choice::template networks<Structure, Width, Depth>>();
  else
    return std::type_identity<decltype(all_networks<Structure, Width, Depth>(
        std::make_index_sequence<Structure::networks.size()>{}))>();
}
template <class Choice, class Structure, int Width, int Depth>
using NetworksOf = typename decltype(networks_of<Choice, Structure, Width, Depth>())::type;

}  // namespace metriplex::driver
