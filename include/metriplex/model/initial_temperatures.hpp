#pragma once

#include <cmath>
#include <vector>

#include "metriplex/core/layer.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Turns the first weights of a fresh energy by sign so that it rises with every entropy that is known.
///
/// Its slopes there are temperatures. Forces tell how these differ from state to state, but their level only friction
/// does, and friction is stuck where they vanish: where they start below zero they stay, and training ends in a second,
/// wrong optimum, with rates of positions off by 10 % (on `Tgc`, four seeds of ten).
/// Math: a unit's effect on the energy is that of the network as it is linear around zero, where no activation falls.
/// Shapes: the layers of the energy, first to last; the last has one unit.
template <DissipativeStructure S, RealScalar Scalar>
void raise_with_entropies(const std::vector<LayerView<Scalar>>& layers) {
  std::vector<Scalar> effects(1, Scalar(1)), below;
  for (std::size_t l = layers.size(); l-- > 1;) {
    const auto& weight = layers[l].weight;
    below.assign(static_cast<std::size_t>(weight.cols()), Scalar(0));
    for (Index j = 0; j < weight.cols(); ++j)
      for (Index i = 0; i < weight.rows(); ++i)
        below[static_cast<std::size_t>(j)] += effects[static_cast<std::size_t>(i)] * weight(i, j);
    effects.swap(below);
  }
  auto weight = layers.front().weight;
  for (int j = 0; j < S::dim; ++j)
    for (Index i = 0; i < weight.rows() && S::entropy_slope[static_cast<std::size_t>(j)] > 0; ++i)
      weight(i, j) = std::copysign(weight(i, j), effects[static_cast<std::size_t>(i)]);
}

}  // namespace metriplex
