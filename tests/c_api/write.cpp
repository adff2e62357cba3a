// Writes models as if trained, of makes that the C library knows and of one that it does not.
// Usage: write DIRECTORY
#include "metriplex/io/model_file.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/mechanical.hpp"

using namespace metriplex;

namespace {

template <class M>
void write(const std::filesystem::path& path) {
  Random random(3);
  M model(3);
  model.initialize(random);
  model.scaling().inverse_scale.setConstant(0.7);
  model.scaling().energy = 1.3;
  model.latents() = Matrix<double>::NullaryExpr(3, 20, [&] { return random.normal(); });
  save_model(path, model);
}

}  // namespace

int main(int, char** argv) {
  const std::filesystem::path directory = argv[1];
  using Plane = Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Svd<5>>;
  write<Plane>(directory / "plane.safetensors");
  using Gases = Model<Generic<4, 2>, Networks<Mlp<Tanh, 4, 64, 64, 64, 1>, Mlp<Tanh, 4, 32, 12>>, Svd<5>>;
  write<Gases>(directory / "gases.safetensors");
  using Carts = Model<Driven<Mechanical<1>>,
                      Networks<Mlp<Tanh, 1, 8, 1>, Mlp<Tanh, 1, 8, 1>, Mlp<Tanh, 1, 8, 1>>, Film>;
  write<Carts>(directory / "carts.safetensors");
  write<Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 1>, Film>>(directory / "unknown.safetensors");
}
