#include "metriplex/train/adapt_by_adam.hpp"

#include <limits>

#include "metriplex/modulation/none.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"

using namespace metriplex;

namespace {

using Family = test::SmallFamily;
using Single = Model<Hamiltonian<2>, test::SmallNet, None>;

using test::random_family;

struct Shots {
  Matrix<double, 2> x, dx;
};
template <class Bound>
Shots measure(const Bound& member, Index count, std::uint64_t seed) {
  Random random(seed);
  Shots shots{Matrix<double, 2>(2, count), Matrix<double, 2>(2, count)};
  for (double& value : shots.x.reshaped()) value = random.uniform(-1.5, 1.5);
  member.batch(shots.x, shots.dx);
  return shots;
}

double relative_square(const Family::Bound& model, const Shots& shots) {
  Matrix<double, 2> dx(2, shots.x.cols());
  model.batch(shots.x, dx);
  return (dx - shots.dx).squaredNorm() / shots.dx.squaredNorm();
}

}  // namespace

TEST_CASE("adaptation finds the member of a family that was measured", "[train][adapt_by_adam]") {
  const Family model = random_family<Family>(1);
  const Vector<double> truth{{0.7, -0.9}};
  const auto member = model.bind(truth);
  for (const Index count : {1, 3, 50}) {
    const Shots shots = measure(member, count, 2);
    const auto found = adapt_by_adam(model, shots.x, shots.dx, {.noise = 0});
    const double before = relative_square(model.bind(model.mean_latent()), shots);
    INFO(count << " shots, loss from " << before << " to " << found.loss);
    CHECK(found.loss == Approx(relative_square(model.bind(found.z), shots)).epsilon(1e-10).margin(1e-20));
    CHECK(found.loss < 1e-5 * before);
    if (count == 50) CHECK((found.z - truth).norm() < 1e-2);
  }
}

TEST_CASE("with few measurements and noise, adaptation stays nearer to the family's mean",
          "[train][adapt_by_adam]") {
  const Family model = random_family<Family>(1);
  const Shots shots = measure(model.bind(Vector<double>{{0.7, -0.9}}), 1, 2);
  const auto free = adapt_by_adam(model, shots.x, shots.dx, {.noise = 0});
  const auto held = adapt_by_adam(model, shots.x, shots.dx, {.noise = 10});
  CHECK((held.z - model.mean_latent()).norm() < 0.2 * (free.z - model.mean_latent()).norm());
  CHECK(held.loss > free.loss);
}

TEST_CASE("adaptation starts at the mean latent or at zero, and keeps the best", "[train][adapt_by_adam]") {
  const Family model = random_family<Family>(3);
  const Shots shots = measure(model.bind(Vector<double>{{0.3, 0.2}}), 20, 4);
  CHECK(adapt_by_adam(model, shots.x, shots.dx, {.steps = 0}).z == model.mean_latent());
  CHECK(adapt_by_adam(model, shots.x, shots.dx, {.steps = 0, .start = LatentStart::zero}).z.isZero(0));
  const double start = relative_square(model.bind(model.mean_latent()), shots);
  CHECK(adapt_by_adam(model, shots.x, shots.dx, {.steps = 0}).loss == Approx(start).epsilon(1e-12));
  // A rate that leads nowhere does no harm.
  const auto wild = adapt_by_adam(model, shots.x, shots.dx, {.steps = 20, .rate = 1e200});
  CHECK(wild.z.allFinite());
  CHECK(wild.loss <= start * (1 + 1e-12));
}

TEST_CASE("an untrained family adapts from zero, and a family at rest can be measured",
          "[train][adapt_by_adam]") {
  Family model = random_family<Family>(5);
  model.latents().resize(2, 0);
  const Shots shots = measure(model.bind(Vector<double>{{0.1, -0.2}}), 10, 6);
  CHECK(adapt_by_adam(model, shots.x, shots.dx).loss < 1e-3);
  const Matrix<double, 2> rest = Matrix<double, 2>::Zero(2, 10);
  const auto at_rest = adapt_by_adam(model, shots.x, rest, {.steps = 10});
  CHECK(std::isfinite(at_rest.loss));
}

TEST_CASE("a model without modulation has nothing to adapt", "[train][adapt_by_adam]") {
  const Single model = random_family<Single>(7);
  const Shots shots = measure(random_family<Single>(8).bind(model.mean_latent()), 10, 9);
  const auto found = adapt_by_adam(model, shots.x, shots.dx);
  CHECK(found.z == model.mean_latent());
  CHECK(found.loss > 0);
  Single without_latents(0);
  without_latents.latents().resize(0, 3);  // as after training on three systems
  CHECK(adapt_by_adam(without_latents, shots.x, shots.dx).z.size() == 0);
}

TEST_CASE("adaptation refuses measurements and options it cannot use", "[train][adapt_by_adam]") {
  const Family model = random_family<Family>(1);
  Matrix<double, 2> x = Matrix<double, 2>::Ones(2, 3), dx = x;
  const auto text = [&](const AdamAdaptOptions& options = {}) {
    return error_text([&] { adapt_by_adam(model, x, dx, options); });
  };
  CHECK(one_line_with(text({.steps = -1}), "adapt_by_adam needs steps >= 0"));
  CHECK(one_line_with(text({.rate = 0}), "a positive rate"));
  CHECK(one_line_with(text({.noise = 1e200}), "a noise of 0 to 1e6"));
  CHECK(one_line_with(text({.noise = -1}), "a noise of 0 to 1e6"));
  CHECK(one_line_with(text({.noise = std::numeric_limits<double>::quiet_NaN()}), "a noise of 0 to 1e6"));
  dx(1, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(one_line_with(text(), "adapt_by_adam needs finite measurements; got a NaN or Inf in measurement 2"));
  dx.resize(2, 2);
  CHECK(one_line_with(text(), "got [2 x 3] and [2 x 2]"));
  x.resize(2, 0);
  dx.resize(2, 0);
  CHECK(one_line_with(text(), "adapt_by_adam needs at least one measurement"));
}
