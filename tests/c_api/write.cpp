// Writes models as if trained, of two makes that the C library knows and of one that it does not.
// Usage: write DIRECTORY
#include "metriplex/io/model_file.hpp"
#include "models.hpp"

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
  write<c_api::Plane<Svd<5>>>(directory / "plane.safetensors");
  write<c_api::Gases<Svd<5>>>(directory / "gases.safetensors");
  write<Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 1>, Film>>(directory / "unknown.safetensors");
}
