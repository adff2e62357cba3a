#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include "metriplex/nn/mlp.hpp"
#include "metriplex/nn/networks.hpp"
#include "metriplex/nn/periodic.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex::driver {

template <class Unit, int Inputs, int Width, int Outputs, int... layer>
Mlp<Unit, Inputs, (Width + 0 * layer)..., Outputs> perceptron(std::integer_sequence<int, layer...>);

/// The components of a state that are angles, counted from 1.
template <int... component>
struct Angles {
  static constexpr bool among(int i) { return ((component - 1 == i) || ...); }
  static constexpr int among(const NetworkSlot& slot) {
    int count = 0;
    for (int i = 0; i < slot.rows; ++i) count += among(slot.row(i)) ? 1 : 0;
    return count;
  }
};

/// A network of one input more for each angle among those of its slot, which it sees as such.
template <class Net, class Angles, class Structure, std::size_t slot>
auto periodic() {
  static constexpr auto rows = [] {
    constexpr NetworkSlot seen = Structure::networks[slot];
    std::array<int, static_cast<std::size_t>(Angles::among(seen))> found{};
    std::size_t count = 0;
    for (int row = 0; row < seen.rows; ++row)
      if (Angles::among(seen.row(row))) found[count++] = row;
    return found;
  }();
  if constexpr (rows.empty())
    return std::type_identity<Net>();
  else
    return []<std::size_t... k>(std::index_sequence<k...>) {
      return std::type_identity<Periodic<Net, rows[k]...>>();
    }
  (std::make_index_sequence<rows.size()>());
}

/// The network of slot k, as the benchmark protocol has them: for a potential, a Lagrangian, an inertia or a whole rate `Depth`
/// hidden layers of `Width` units; for what else depends on the state, one of half as many; for what does not, constants.
template <class Structure, class Angles, std::size_t k, int Width, int Depth>
struct SlotNetwork {
  static constexpr NetworkSlot slot = Structure::networks[k];
  static constexpr bool leading = slot.is_potential() || slot.role == Role::jet ||
                                  slot.role == Role::lagrangian || slot.role == Role::rate;
  /// With tanh the field of a Lagrangian is off by nearly twice as much (docs/structures.md).
  using Unit = std::conditional_t<slot.role == Role::lagrangian, Sin, Tanh>;
  static constexpr int inputs = slot.rows + Angles::among(slot);
  using Leading =
      decltype(perceptron<Unit, inputs, Width, slot.outputs>(std::make_integer_sequence<int, Depth>{}));
  using Values =
      std::conditional_t<slot.rows == 0, Constants<slot.outputs>, Mlp<Tanh, inputs, Width / 2, slot.outputs>>;
  using type =
      typename decltype(periodic<std::conditional_t<leading, Leading, Values>, Angles, Structure, k>())::type;
};

template <class Structure, class Angles, int Width, int Depth, std::size_t... k>
Networks<typename SlotNetwork<Structure, Angles, k, Width, Depth>::type...> all_networks(
    std::index_sequence<k...>);

/// The networks of all slots of a structure that --structure chose: its own, if it says which.
template <class Choice, class Structure, class Angles, int Width, int Depth>
auto networks_of() {
  if constexpr (requires { typename Choice::template networks<Structure, Width, Depth>; })
    return std::type_identity<typename Choice::template networks<Structure, Width, Depth>>();
  else
    return std::type_identity<decltype(all_networks<Structure, Angles, Width, Depth>(
        std::make_index_sequence<Structure::networks.size()>{}))>();
}
template <class Choice, class Structure, class Angles, int Width, int Depth>
using NetworksOf = typename decltype(networks_of<Choice, Structure, Angles, Width, Depth>())::type;

}  // namespace metriplex::driver
