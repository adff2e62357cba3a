#include "metriplex/io/load_any.hpp"

#include <type_traits>

#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

TEST_CASE("a model is loaded whatever its make, and one of an unknown make is named", "[io][load_any]") {
  using Small = Model<Hamiltonian<2>, Mlp<Softplus, 2, 8, 1>, Svd<2>>;
  using Single = Model<Hamiltonian<2>, Mlp<Softplus, 2, 8, 1>, Svd<2>, float>;
  const TemporaryDirectory directory;
  const auto path = directory / "model.safetensors";
  Small model(3);
  Random random(1);
  model.initialize(random);
  save_model(path, model);
  const auto loaded = load_any<Single, Small>(path);
  CHECK(loaded.index() == 1);
  std::visit(
      [&](const auto& found) {
        if constexpr (std::is_same_v<decltype(found), const Small&>)
          CHECK(found.parameters() == model.parameters());
      },
      loaded);
  CHECK(error_text([&] { load_any<Single>(path); }) ==
        "expected a model of a make that is known here ('hamiltonian' '2-8-1' 'softplus' 'svd' 'f32'), got "
        "'hamiltonian' '2-8-1' 'softplus' 'svd' 'f64' in " +
            path.string());
}
