#include "metriplex/io/model_views.hpp"

#include <limits>
#include <set>

#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

using Viewed = Model<Hamiltonian<2>, Mlp<Tanh, 2, 9, 5, 1>, Svd<2>>;

}  // namespace

TEST_CASE("views show every number of a model once", "[io][model_views]") {
  Viewed model(3);
  model.latents().resize(3, 4);
  std::set<const double*> seen;
  Index count = 0;
  for (const auto& view : detail::named_views(model))
    for (Index j = 0; j < view.columns; ++j)
      for (Index i = 0; i < view.rows; ++i, ++count) seen.insert(view.data + i + j * view.leading);
  CHECK(static_cast<Index>(seen.size()) == count);
  // Scaling: mean, inverse_scale, rate_scale, rate_error, and the unit of energy.
  CHECK(count == model.parameter_count() + 4 * 2 + 1 + 3 * 4);
}

TEST_CASE("arrays go through views and back, and only finite ones", "[io][model_views]") {
  Viewed model(3), again(3);
  Random random(1);
  model.initialize(random);
  Tensors tensors;
  detail::write_views(detail::named_views(model), tensors, " here");
  detail::read_views(tensors, detail::named_views(again), " here");
  CHECK((again.parameters() == model.parameters()));
  tensors.at("H.1.b").values[0] = std::numeric_limits<double>::infinity();
  CHECK(error_text([&] { detail::read_views(tensors, detail::named_views(again), " here"); }) ==
        "expected numbers of magnitude 1e+100 at most, got inf in 'H.1.b' here");
  model.scaling().energy = std::numeric_limits<double>::quiet_NaN();
  tensors.clear();
  CHECK(error_text([&] { detail::write_views(detail::named_views(model), tensors, " here"); }) ==
        "expected numbers of magnitude 1e+100 at most, got nan in 'scaling.energy' here");
}
