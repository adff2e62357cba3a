#pragma once

#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/field_loss.hpp"
#include "request.hpp"

namespace metriplex::driver {

template <int Dim, int Width>
using Network = Mlp<Tanh, Dim, Width, Width, Width, 1>;

template <int Dim, int Width, class Scalar>
using Bound = BoundModel<Hamiltonian<Dim>, Network<Dim, Width>, Scalar>;

}  // namespace metriplex::driver
