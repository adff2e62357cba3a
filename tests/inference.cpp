#include "metriplex/inference.hpp"

#ifdef INCLUDE_NLOHMANN_JSON_HPP_
#error "inference.hpp needs Eigen alone"
#endif

#include "metriplex/io/model_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

TEST_CASE("a host loads, adapts and steps a model with inference.hpp alone", "[inference]") {
  using FamilyModel = Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 8, 1>, Film>;
  const TemporaryDirectory directory;
  FamilyModel family(2);
  Random random(5);
  family.initialize(random);
  save_model(directory / "model.safetensors", family);

  const auto model = load_model<FamilyModel>(directory / "model.safetensors");
  const auto unit = family.bind(Vector<double, 2>(0.5, -1.0));  // the unit at hand, from the same family
  Matrix<double, 2> x = Matrix<double, 2>::Random(2, 12), dx(2, 12);
  unit.batch(x, dx);
  const auto twin = model.bind(adapt(model, x, dx).z);

  Vector<double, 2> real(0.3, 0.4), predicted = real;
  for (int step = 0; step < 50; ++step) {
    REQUIRE(ImplicitMidpoint{}.step(unit, real, 0.05) == StepStatus::ok);
    REQUIRE(ImplicitMidpoint{}.step(twin, predicted, 0.05) == StepStatus::ok);
  }
  CHECK((real - predicted).norm() < 1e-3 * (1 + real.norm()));
}
