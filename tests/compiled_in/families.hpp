#pragma once

#include "metriplex/inference.hpp"

// Two families, one of each number type, that one program writes as headers and another compiles in.

namespace compiled_in {

using namespace metriplex;

using Svds = Model<Hamiltonian<2>, Mlp<Tanh, 2, 24, 24, 1>, Svd<3>>;
using Films =
    Model<Generic<3, 1>, Networks<Mlp<Silu, 3, 9, 1>, Mlp<Tanh, 3, 5, 6>>, Film, float, MlpHypernetwork<4>>;

template <class M>
M random_family(Index latent) {
  using Scalar = typename M::Scalar;
  Random random(7);
  M model(latent);
  model.initialize(random);
  for (Scalar& value : model.parameters()) value *= static_cast<Scalar>(std::exp(random.normal()));
  model.scaling().mean.setConstant(Scalar(0.1));
  model.scaling().rate_error.setConstant(Scalar(1e-3));
  model.scaling().energy = Scalar(1.7);
  model.latents() =
      Matrix<Scalar>::NullaryExpr(latent, 9, [&] { return static_cast<Scalar>(random.normal()); });
  return model;
}

}  // namespace compiled_in
