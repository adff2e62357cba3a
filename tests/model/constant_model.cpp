#include "metriplex/model/constant_model.hpp"

#include <limits>

#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

// Headers as the library writes them are compiled in tests/compiled_in; this one is small enough to be read.

using namespace metriplex;

namespace {

/// H = 2 (tanh(w·(x + z)) + …), one hidden unit, shifted by the latent.
struct Numbers {
  using Maps = ModelMaps<Hamiltonian<2>, Mlp<Tanh, 2, 1, 1>, Shift, double, LinearHypernetwork>;
  static constexpr int latent = 1, systems = 2;
  static constexpr double mean[] = {0.1, 0}, inverse_scale[] = {1, 2}, rate_scale[] = {1, 1},
                          rate_error[] = {0, 0.5};
  static constexpr double energy = 2, entropy = 1, friction = 1, bracket = 1;
  static constexpr double latents[] = {1, 3};
  static const double* const parameters;
};

struct Filled {
  double values[256] = {};
  Filled() {
    using Maps = Numbers::Maps;
    Maps::for_each_layer([&](int, const LayerShape& shape, Maps::Offsets at) {
      auto layer = Maps::layer_at(values, at, shape);
      layer.weight.setConstant(0.5);
    });
    values[Maps::base_size + Maps::basis_size] = 1;  // the shift is the latent
  }
};
const Filled filled;
const double* const Numbers::parameters = filled.values;

}  // namespace

TEST_CASE("a constant model is what its numbers say", "[model][constant_model]") {
  const ConstantModel<Numbers> model;
  CHECK(model.latent() == 1);
  CHECK(model.mean_latent()[0] == 2);
  CHECK(model.scaling().inverse_scale[1] == 2);
  CHECK(model.scaling().rate_error[1] == 0.5);
  const auto member = model.bind(ConstantModel<Numbers>::Latent(0.3));
  const Vector<double, 2> x(0.4, -0.2);
  // The scaled state is (0.3, −0.4).
  CHECK(member.energy(x) == Approx(2 * 0.5 * std::tanh(0.5 * 0.3 - 0.5 * 0.4 + 0.3)));
  CHECK(one_line_with(error_text([&] {
                        model.bind(ConstantModel<Numbers>::Latent(std::numeric_limits<double>::quiet_NaN()));
                      }),
                      "bind needs a finite latent"));
}
