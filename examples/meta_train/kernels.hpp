#pragma once

#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/field_loss.hpp"
#include "request.hpp"

namespace metriplex::driver {

/// The structure and the networks of a make of states: those of the benchmark protocol.
template <int Dim, int Entropies, int Width>
struct Learned {
  using Structure = Generic<Dim, Entropies>;
  using Network = Networks<Mlp<Tanh, Dim, Width, Width, Width, 1>,
                           Mlp<Tanh, Dim, Width / 2, Structure::networks[1].outputs>>;
};
template <int Dim, int Width>
struct Learned<Dim, 0, Width> {
  using Structure = Hamiltonian<Dim>;
  using Network = Mlp<Tanh, Dim, Width, Width, Width, 1>;
};

template <int Dim, int Entropies, int Width, class Scalar>
using Bound = BoundModel<typename Learned<Dim, Entropies, Width>::Structure,
                         typename Learned<Dim, Entropies, Width>::Network, Scalar>;

}  // namespace metriplex::driver
