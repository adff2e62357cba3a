#include "metriplex/train/fine_tune.hpp"

#include <limits>

#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/oscillator_family.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

// Softplus grows without bound, so that a diverging training shows.
using Bound = BoundModel<Hamiltonian<2>, Mlp<Softplus, 2, 8, 8, 1>, double>;

}  // namespace

TEST_CASE("fine-tuning trains all weights on the measurements", "[train][fine_tune]") {
  const Task<2> task = test::oscillator_family(1, 50).tasks[0];
  Bound model = test::random_bound<Bound>(1);
  const Bound before = model;
  const auto error = [&](const Bound& bound) {
    Matrix<double, 2> dx(2, 50);
    bound.batch(task.x, dx);
    return (dx - task.dx).squaredNorm() / task.dx.squaredNorm();
  };
  const double loss = fine_tune(model, task.x, task.dx, {.steps = 1000, .rate = 1e-2, .final_rate = 0.01});
  INFO("from " << error(before) << " to " << loss);
  CHECK(error(model) < 1e-2 * error(before));
  CHECK(error(model) == Approx(loss).epsilon(0.05));
  for (int l = 0; l < Bound::Network::layers; ++l)  // all layers moved
    CHECK(layer_view<Bound::Network>(model.weights().data(), l).weight !=
          layer_view<Bound::Network>(before.weights().data(), l).weight);
  CHECK(model.scaling().mean == before.scaling().mean);
}

TEST_CASE("one measurement can be fitted exactly, and clipping slows it down", "[train][fine_tune]") {
  const Task<2> task = test::oscillator_family(1, 1).tasks[0];
  Bound model = test::random_bound<Bound>(2), clipped = model;
  CHECK(fine_tune(model, task.x, task.dx, {.steps = 300, .rate = 1e-2, .final_rate = 0.01}) < 1e-4);
  const Vector<double> before = clipped.weights();
  fine_tune(clipped, task.x, task.dx, {.steps = 1, .rate = 1e-2, .clip = 1e-9});
  // Adam's first step is the sign of the gradient, unless that is as small as its epsilon.
  CHECK((clipped.weights() - before).cwiseAbs().maxCoeff() < 0.5e-2);
}

TEST_CASE("fine-tuning that fails ends in one line and leaves the model as it was", "[train][fine_tune]") {
  const Task<2> task = test::oscillator_family(1, 10).tasks[0];
  Bound model = test::random_bound<Bound>(3);
  const Vector<double> before = model.weights();
  for (const Index steps : {1, 5}) {
    const std::string diverged =
        error_text([&] { fine_tune(model, task.x, task.dx, {.steps = steps, .rate = 1e150}); });
    CHECK(one_line_with(diverged, "fine_tune expects a finite loss and gradient; got loss "));
    CHECK(one_line_with(diverged, "lower the learning rate"));
    CHECK((model.weights() == before));
  }
  CHECK(one_line_with(error_text([&] { fine_tune(model, task.x, task.dx, {.steps = 0}); }),
                      "at least one step"));
  CHECK(
      one_line_with(error_text([&] { fine_tune(model, task.x, task.dx, {.rate = -1}); }), "a positive rate"));
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  for (const FineTuneOptions& options :
       {FineTuneOptions{.final_rate = undefined}, {.final_rate = -1}, {.clip = undefined}, {.clip = -1}})
    CHECK(one_line_with(error_text([&] { fine_tune(model, task.x, task.dx, options); }),
                        "a final_rate and a clip >= 0"));
  CHECK(one_line_with(error_text([&] { fine_tune(model, task.x, Matrix<double, 2>(task.dx.leftCols(9))); }),
                      "fine_tune needs at least one measurement"));
  Matrix<double, 2> bad = task.dx;
  bad(0, 4) = std::numeric_limits<double>::infinity();
  CHECK(one_line_with(error_text([&] { fine_tune(model, task.x, bad); }), "in measurement 4"));
  CHECK((model.weights() == before));
}
