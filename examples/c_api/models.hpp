#pragma once

#include <tuple>

#include "metriplex/inference.hpp"

namespace metriplex::c_api {

template <class Modulation>
using Plane = Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Modulation>;
template <class Modulation>
using Gases = Model<Generic<4, 2>, Networks<Mlp<Tanh, 4, 64, 64, 64, 1>, Mlp<Tanh, 4, 32, 12>>, Modulation>;

/// The makes of models that the library is built with: add those of your own.
using Models = std::tuple<Plane<Svd<5>>, Plane<LowRank<5>>, Gases<Svd<5>>>;

}  // namespace metriplex::c_api
