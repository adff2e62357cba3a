#pragma once

#include <tuple>

#include "metriplex/nn/mlp.hpp"

namespace metriplex {

/// Names a row of trained constants, a network without inputs: one layer that has nothing but a bias. Modulations
/// shift it as they do any bias.
template <int Count>
struct Constants {
  static_assert(Count >= 1, "a row of constants has at least one");
  static constexpr std::array<int, 2> sizes{0, Count};
  static constexpr int layers = 1;
  static constexpr int inputs = 0;
  static constexpr int outputs = Count;
  // Not an output layer: those are not shifted.
  static constexpr LayerShape shape(int) { return {Count, 0, 0, false}; }
  static constexpr int parameters() { return Count; }
};

/// Names the networks of a structure, one for each of its slots in order; those that it wants as constants may be left
/// out at the end.
template <class... Nets>
struct Networks {};

/// Tells the network of slot k, which sees `inputs` rows of the state and has `outputs` values: of a list that in place k,
/// else the one network that serves all; constants where no input and no place in a list say otherwise.
template <class Nets, int k, int inputs, int outputs>
struct NetworkAt {
  using type = std::conditional_t<inputs == 0, Constants<outputs>, Nets>;
};
template <class... Nets, int k, int inputs, int outputs>
struct NetworkAt<Networks<Nets...>, k, inputs, outputs> {
  static constexpr std::size_t place = k < static_cast<int>(sizeof...(Nets)) ? k : sizeof...(Nets);
  using type = std::tuple_element_t<place, std::tuple<Nets..., Constants<outputs>>>;
};

}  // namespace metriplex
