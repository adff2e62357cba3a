#pragma once

#include "metriplex/nn/networks.hpp"
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
    static_assert(Net::inputs == slot.rows || (!slot.is_potential() && Net::inputs == 0),
                  "the network's number of inputs differs from the rows of the state that the structure's "
                  "slot sees");
    static_assert(!slot.is_potential() || Net::outputs == 1, "a potential is a network with one output");
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

}  // namespace metriplex
