#pragma once

#include <utility>

#include "metriplex/model/bound_model.hpp"

namespace metriplex {

/// Returns a bound model in another scalar: one trained in `float`, in `double`, whose energies are not rounded to seven digits, as
/// long runs of implicit schemes and discrete gradients need.
///
/// Layers are copied one by one, for their padding differs.
/// Cost: a copy of the weights.
/// Errors: none; what a `float` cannot hold becomes infinite.
template <RealScalar To, Structure StructureType, class Nets, RealScalar From, class Weights>
BoundModel<StructureType, Nets, To> cast_model(const BoundModel<StructureType, Nets, From, Weights>& model) {
  using Cast = BoundModel<StructureType, Nets, To>;
  Vector<To> weights = Vector<To>::Zero(Cast::template Sweep<1>::weights_size);
  unroll<network_count<StructureType>>([&](auto k) {
    using Net = NetworkOf<StructureType, Nets, k()>;
    constexpr int from = network_offset<StructureType, Nets, From>(k()),
                  to = network_offset<StructureType, Nets, To>(k());
    for (int l = 0; l < Net::layers; ++l) {
      const auto source = layer_view<Net>(model.weights().data() + from, l);
      auto layer = layer_view<Net>(weights.data() + to, l);
      for (Index j = 0; j < layer.weight.cols(); ++j)
        for (Index i = 0; i < layer.weight.rows(); ++i)
          layer.weight(i, j) = static_cast<To>(source.weight(i, j));
      for (Index i = 0; i < layer.bias.size(); ++i) layer.bias(i) = static_cast<To>(source.bias(i));
    }
  });
  return Cast(std::move(weights), model.scaling().template cast<To>());
}

}  // namespace metriplex
