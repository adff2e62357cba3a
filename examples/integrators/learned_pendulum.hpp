#pragma once

#include "metriplex/model/bound_model.hpp"
#include "metriplex/nn/mlp.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "request.hpp"

namespace metriplex {

// Their kernels are compiled once, in learned_pendulum.cpp.
extern template class BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, double>;
extern template class BoundModel<SeparableHamiltonian<2>, Mlp<Tanh, 1, 64, 64, 64, 1>, double>;

}  // namespace metriplex

namespace metriplex::show {

/// One pendulum, learned twice from the same measurements: as H(q, p), and as T(p) + V(q) for the splittings.
struct LearnedPendulum {
  using Whole = BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, double>;
  using Split = BoundModel<SeparableHamiltonian<2>, Mlp<Tanh, 1, 64, 64, 64, 1>, double>;

  Whole whole;
  Split split;
  double whole_error, split_error;  ///< relative errors of the fields over the box of initial states
  double seconds;
  Index measurements;
};

/// Trains both, on many trajectories of one member of the benchmark family, without a modulation.
LearnedPendulum learn_pendulum(const Request& request);

}  // namespace metriplex::show
