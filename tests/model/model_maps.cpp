#include "metriplex/model/model_maps.hpp"

#include "metriplex/core/in_place.hpp"
#include "support/catch.hpp"
#include "support/random_family.hpp"

using namespace metriplex;

TEST_CASE("maps serve parameters wherever they lie, and matrices in place", "[model][model_maps]") {
  using M = test::SmallFamily;
  const M model = test::random_family<M>(1);
  using Maps = ModelMaps<M::Structure, M::Network, M::Modulation, double, M::Hypernetwork>;
  const std::vector<double> elsewhere(model.parameters().begin(), model.parameters().end());
  const Vector<double, 2> z(0.3, -0.4);
  InPlace<double, int{M::code_size}> codes;
  InPlace<double, int{M::code_size}, 2> code_tangents;
  InPlace<double, int{M::base_size}> weights;
  InPlace<double, int{M::base_size}, 2> tangents;
  Maps::linearize(elsewhere.data(), z, codes, code_tangents, weights.data(), tangents);
  CHECK(Vector<double>::Map(weights.data(), weights.size()) == model.bind(z).weights());
  constexpr double h = 1e-6;
  for (int k = 0; k < 2; ++k) {
    Vector<double> there = z, back = z;
    there[k] += h;
    back[k] -= h;
    const Vector<double> difference = (model.bind(there).weights() - model.bind(back).weights()) / (2 * h);
    CHECK((Vector<double>::Map(column(tangents, k), M::base_size) - difference).norm() <
          1e-7 * (1 + difference.norm()));
  }
}
