#pragma once

#include <vector>

#include "metriplex/model/model.hpp"

// Bound models with random weights, padding zero, and a scaling that hides no mistake.

namespace metriplex::test {

template <class State>
State random_state(Random& random) {
  State x;
  for (auto& value : x.reshaped()) value = static_cast<typename State::Scalar>(random.normal());
  return x;
}

template <class Scalar, int Dim>
Scaling<Scalar, Dim> random_scaling(Random& random) {
  Scaling<Scalar, Dim> scaling;
  for (int i = 0; i < Dim; ++i) {
    scaling.mean(i) = static_cast<Scalar>(random.uniform(-0.5, 0.5));
    scaling.inverse_scale(i) = static_cast<Scalar>(random.uniform(0.5, 2.0));
  }
  scaling.energy = static_cast<Scalar>(random.uniform(0.5, 3.0));
  scaling.entropy = static_cast<Scalar>(random.uniform(0.5, 3.0));
  scaling.friction = static_cast<Scalar>(random.uniform(0.5, 3.0));
  return scaling;
}

/// Calls body(view of a layer, its network, its number) for every layer of every network in a bound model's flat
/// weights, whatever scalar they are laid out for.
template <class Bound, class Scalar, class Body>
void for_each_bound_layer(Vector<Scalar>& weights, Body&& body) {
  using Structure = typename Bound::Structure;
  using Nets = typename Bound::Network;
  unroll<network_count<Structure>>([&](auto k) {
    using Net = NetworkOf<Structure, Nets, k()>;
    for (int l = 0; l < Net::layers; ++l)
      body(layer_view<Net>(weights.data() + network_offset<Structure, Nets, Scalar>(k()), l), k(), l);
  });
}

template <class Bound>
Bound random_bound(std::uint64_t seed) {
  using Scalar = typename Bound::Scalar;
  Random random(seed);
  Vector<Scalar> weights = Vector<Scalar>::Zero(Bound::template Sweep<1>::weights_size);
  for_each_bound_layer<Bound>(weights, [&](auto layer, int, int) {
    for (Index j = 0; j < layer.weight.cols(); ++j)
      for (Index i = 0; i < layer.weight.rows(); ++i)
        layer.weight(i, j) =
            static_cast<Scalar>(random.normal() / std::sqrt(static_cast<double>(layer.weight.cols())));
    for (Index i = 0; i < layer.bias.size(); ++i) layer.bias(i) = static_cast<Scalar>(0.3 * random.normal());
  });
  return Bound(std::move(weights), random_scaling<Scalar, Bound::dimension>(random));
}

}  // namespace metriplex::test
