#pragma once

#include <cmath>
#include <vector>

#include "metriplex/model/structure_networks.hpp"

namespace metriplex {

/// Tells whether input j of a network is a known entropy.
template <DissipativeStructure S, class Net>
constexpr bool sees_entropy(int j) {
  const auto rises = [](int row) { return S::entropy_slope[static_cast<std::size_t>(row)] > 0; };
  if constexpr (IsShared<Net>) {
    for (const auto& group : Net::Group::groups) {
      const Difference seen = group[static_cast<std::size_t>(j)];
      if (seen.from < 0 && seen.to >= 0 && rises(seen.to)) return true;
    }
    return false;
  } else if constexpr (HasAngles<Net>) {
    for (int row = 0, input = 0; row < Net::inputs;
         input += Net::angles[static_cast<std::size_t>(row++)] ? 2 : 1)
      if (input == j) return rises(row);
    return false;
  } else {
    return rises(j);
  }
}

/// Turns the first weights of a fresh energy by sign so that it rises with every entropy that is known.
///
/// Its slopes there are temperatures. Forces tell how these differ from state to state, but their level only friction
/// does, and friction is stuck where they vanish: where they start below zero they stay, and training ends in a second,
/// wrong optimum, with rates of positions off by 10 % (on `Tgc`, four seeds of ten).
/// Math: a unit's effect on the energy is that of the network as it is linear around zero, where no activation falls.
/// Shapes: the layers of the energy, first to last; the last of each term has one unit.
template <DissipativeStructure S, class Nets, RealScalar Scalar>
void raise_with_entropies(const std::vector<LayerView<Scalar>>& layers) {
  unroll<network_count<S>>([&](auto k) {
    if constexpr (S::networks[static_cast<std::size_t>(k())].role == Role::energy) {
      std::size_t first = 0;
      for_each_term<NetworkOf<S, Nets, k()>>([&]<class Term>() {
        std::vector<Scalar> effects(1, Scalar(1)), below;
        for (std::size_t l = first + Term::layers; l-- > first + 1;) {
          const auto& weight = layers[l].weight;
          below.assign(static_cast<std::size_t>(weight.cols()), Scalar(0));
          for (Index j = 0; j < weight.cols(); ++j)
            for (Index i = 0; i < weight.rows(); ++i)
              below[static_cast<std::size_t>(j)] += effects[static_cast<std::size_t>(i)] * weight(i, j);
          effects.swap(below);
        }
        auto weight = layers[first].weight;
        for (int j = 0; j < weight.cols(); ++j)
          for (Index i = 0; i < weight.rows() && sees_entropy<S, Term>(j); ++i)
            weight(i, j) = std::copysign(weight(i, j), effects[static_cast<std::size_t>(i)]);
        first += Term::layers;
      });
    }
  });
}

}  // namespace metriplex
