#pragma once

#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/random_model.hpp"

// Families as if trained, and measurements of their members.

namespace metriplex::test {

using SmallNet = Mlp<Tanh, 2, 8, 8, 1>;
using SmallFamily = Model<Hamiltonian<2>, SmallNet, LowRank<2>>;
using SmallDissipative = Model<Generic<3, 1>, Networks<Mlp<Tanh, 3, 8, 8, 1>, Mlp<Tanh, 3, 6, 6>>, Film>;

/// Is a model as if trained: random weights whose members differ much, and some systems' latents.
template <class M>
M random_family(std::uint64_t seed) {
  using Scalar = typename M::Scalar;
  Random random(seed);
  M model(2);
  model.initialize(random);
  for (Index i = M::base_size; i < model.parameters().size(); ++i) model.parameters()(i) *= 2;
  model.scaling() = random_scaling<Scalar, M::dimension>(random);
  model.latents().resize(2, 12);
  for (Scalar& z : model.latents().reshaped()) z = static_cast<Scalar>(random.normal());
  return model;
}

/// Pairs of a member, with noise relative to the rates.
template <class M>
struct Shots {
  Matrix<typename M::Scalar, M::dimension> x, dx;

  Shots(const M& model, const Vector<typename M::Scalar>& z, Index count, double noise = 0,
        std::uint64_t seed = 2)
      : x(M::dimension, count), dx(M::dimension, count) {
    using Scalar = typename M::Scalar;
    Random random(seed);
    for (Scalar& value : x.reshaped()) value = static_cast<Scalar>(random.uniform(-1.5, 1.5));
    model.bind(z).batch(x, dx);
    const double size = std::sqrt(static_cast<double>(dx.squaredNorm()) / static_cast<double>(dx.size()));
    for (Scalar& value : dx.reshaped()) value += static_cast<Scalar>(noise * size * random.normal());
  }
};

}  // namespace metriplex::test
