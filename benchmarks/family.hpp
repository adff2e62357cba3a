#pragma once

#include <string>

#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"

namespace metriplex::bench {

/// The networks of the benchmarks: three hidden layers of one width, unless a row says otherwise.
template <int Width, int Dim = 2>
using Network = Mlp<Tanh, Dim, Width, Width, Width, 1>;

template <class Net, class Scalar, int Dim = 2>
using Bound = BoundModel<Hamiltonian<Dim>, Net, Scalar>;

template <class Net, class Modulation, class Scalar, int Dim = 2>
using Family = Model<Hamiltonian<Dim>, Net, Modulation, Scalar>;

inline constexpr Index latents = 4;

template <class Scalar>
inline const std::string scalar_name = sizeof(Scalar) == 8 ? "f64" : "f32";

/// Counts the weights between hidden layers, n² for each n×n layer: what products are counted for.
template <class Net>
constexpr double hidden_weights() {
  double weights = 0;
  for (int l = 1; l + 1 < Net::layers; ++l) weights += double(Net::shape(l).in) * Net::shape(l).out;
  return weights;
}

/// Flops of products at one point; what else there is (thin layers, activations, Adam) is not counted.
template <class Net>
inline constexpr double field_flops = 4 * hidden_weights<Net>();  ///< up and back: two products
template <class Net>
inline constexpr double step_flops = 12 * hidden_weights<Net>();  ///< and four in the pullback

/// Of networks of several kinds all products count: those of the potential as above and at its first layer, where x
/// gets no gradient; three of each layer of friction, less that one.
template <class Potential, class Friction>
inline constexpr double step_flops<Networks<Potential, Friction>> = [] {
  double flops = step_flops<Potential> + 10.0 * Potential::shape(0).in * Potential::shape(0).out;
  for (int l = 0; l < Friction::layers; ++l)
    flops += (l == 0 ? 4.0 : 6.0) * Friction::shape(l).in * Friction::shape(l).out;
  return flops;
}();

/// Gas containers, as the protocol has them.
template <class Modulation, class Scalar>
using FrictionFamily =
    Model<Generic<4, 2>, Networks<Network<64, 4>, Mlp<Tanh, 4, 32, 12>>, Modulation, Scalar>;

}  // namespace metriplex::bench
