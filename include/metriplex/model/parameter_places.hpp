#pragma once

#include <array>

#include "metriplex/model/structure_networks.hpp"
#include "metriplex/modulation/modulation.hpp"

namespace metriplex {

/// Where a layer's parts lie: weights, columns `leading` apart, and biases in the base; its bases; its code.
struct ParameterOffsets {
  Index weight, leading, bias, basis, code;
};

/// A layer of one of a model's networks, and where its parts lie.
struct ParameterPlace {
  int network;
  LayerShape shape;
  ParameterOffsets at;
};

/// Lists the layers of all networks of a structure in order, with the places of their parameters and codes.
template <class Structure, class Nets, class Modulation, RealScalar Scalar>
constexpr auto parameter_places() {
  constexpr int layers = sum_over_networks<Structure, Nets>([]<class Net>() { return Net::layers; });
  std::array<ParameterPlace, static_cast<std::size_t>(layers)> places{};
  std::size_t i = 0;
  ParameterOffsets at{};
  unroll<network_count<Structure>>([&](auto k) {
    using Net = NetworkOf<Structure, Nets, k()>;
    using Layout = MlpLayout<Net, Scalar>;
    for (int l = 0; l < Net::layers; ++l) {
      const LayerShape shape = Net::shape(l);
      at.weight = network_offset<Structure, Nets, Scalar>(k()) + Layout::weight(l);
      at.leading = Layout::leading(l);
      at.bias = network_offset<Structure, Nets, Scalar>(k()) + Layout::bias(l);
      places[i++] = {k(), shape, at};
      at.basis += Modulation::basis(shape).size();
      at.code += Modulation::code(shape).size();
    }
  });
  return places;
}

}  // namespace metriplex
