#include "metriplex/train/latent_fit.hpp"

#include <limits>

#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/adapt.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

using Net = Mlp<Tanh, 2, 8, 8, 1>;
using Family = Model<Hamiltonian<2>, Net, LowRank<2>>;
using Dissipative = Model<Generic<3, 1>, Networks<Mlp<Tanh, 3, 8, 8, 1>, Mlp<Tanh, 3, 6, 6>>, Film>;

/// Is a model as if trained: random weights whose members differ much, and some systems' latents.
template <class M>
M random_family(std::uint64_t seed) {
  using Scalar = typename M::Scalar;
  Random random(seed);
  M model(2);
  model.initialize(random);
  for (Index i = M::base_size; i < model.parameters().size(); ++i) model.parameters()(i) *= 2;
  model.scaling() = test::random_scaling<Scalar, M::dimension>(random);
  model.latents().resize(2, 12);
  for (Scalar& z : model.latents().reshaped()) z = static_cast<Scalar>(random.normal());
  return model;
}

template <class M>
struct Shots {
  Matrix<typename M::Scalar, M::dimension> x, dx;

  Shots(const M& model, const Vector<typename M::Scalar>& z, Index count, double noise = 0,
        std::uint64_t seed = 2)
      : x(M::dimension, count), dx(M::dimension, count) {
    using Scalar = typename M::Scalar;
    Random random(seed);
    for (Scalar& value : x.reshaped()) value = static_cast<Scalar>(random.uniform(-1.5, 1.5));
    model.bind(z).batch(x, dx);
    const double size = std::sqrt(static_cast<double>(dx.squaredNorm()) / static_cast<double>(dx.size()));
    for (Scalar& value : dx.reshaped()) value += static_cast<Scalar>(noise * size * random.normal());
  }
};

template <class M>
void check_identification(double tolerance) {
  const M model = random_family<M>(1);
  const Vector<typename M::Scalar> truth{{0.7f, -0.9f}};
  LatentFit<M> fit(model);
  for (const Index count : {2, 5, 50}) {
    const Shots<M> shots(model, truth, count);
    INFO(M::Structure::name << ", " << count << " shots");
    CHECK(fit.fit(shots.x, shots.dx));
    CHECK(fit.loss() < 1e-4);
    CHECK((fit.z() - truth).norm() < (count == 50 ? tolerance : 0.2));
    CHECK(fit.iterations() < 60);
  }
}

}  // namespace

TEST_CASE("a fit finds the member of a family that was measured", "[train][latent_fit]") {
  check_identification<Family>(1e-3);
  check_identification<Dissipative>(1e-3);
  check_identification<Model<Hamiltonian<2>, Net, LowRank<2>, float>>(1e-2);
}

TEST_CASE("where Adam stops a fit is at least as good", "[train][latent_fit]") {
  const Family model = random_family<Family>(3);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Shots<Family> shots(model, Vector<double>{{0.4, 1.1}}, 20, 0.05, seed);
    LatentFit<Family> fit(model, {.noise = 1e-3});
    CHECK(fit.fit(shots.x, shots.dx));
    CHECK(fit.loss() <= adapt(model, shots.x, shots.dx, {.noise = 0}).loss * (1 + 1e-2));
  }
}

TEST_CASE("noise shrinks the fit to the prior, and its covariance covers the truth", "[train][latent_fit]") {
  const Family model = random_family<Family>(1);
  const Vector<double> truth{{0.7, -0.9}};
  LatentFit<Family> fit(model);
  int inside = 0;
  constexpr int trials = 200;
  for (int trial = 0; trial < trials; ++trial) {
    const Shots<Family> shots(model, truth, 20, 0.05, static_cast<std::uint64_t>(trial));
    fit.fit(shots.x, shots.dx);
    const Vector<double> off = fit.z() - truth;
    Matrix<double> factor = fit.covariance();
    Vector<double> solved = off;
    REQUIRE(factor_cholesky(2, factor.data()));
    solve_cholesky(2, factor.data(), solved.data());
    inside += off.dot(solved) < 5.99;  // 95 % of chi-square with 2 degrees of freedom
  }
  INFO(inside << " of " << trials);
  CHECK(inside > 0.9 * trials);
  CHECK(inside < trials);
}

TEST_CASE("data that say nothing leave the prior, and never NaN", "[train][latent_fit]") {
  const Family model = random_family<Family>(1);
  LatentFit<Family> fit(model);
  const auto prior = [&] {
    Matrix<double> covariance = Matrix<double>::Identity(2, 2);
    LatentPrior<Family>(model).spread_covariance(covariance);
    return covariance;
  }();
  const Shots<Family> shots(model, Vector<double>{{0.7, -0.9}}, 1);
  const auto check = [&](const Matrix<double, 2>& x, const Matrix<double, 2>& dx) {
    fit.fit(x, dx);
    REQUIRE(fit.z().allFinite());
    REQUIRE(fit.covariance().allFinite());
    CHECK(fit.covariance().trace() <= prior.trace() * (1 + 1e-9));
  };
  check(shots.x, shots.dx);                                    // one shot
  check(shots.x.replicate(1, 30), shots.dx.replicate(1, 30));  // the same again and again
  check(shots.x, 0 * shots.dx);                                // at rest
  check(shots.x, 1e6 * shots.dx);                              // nonsense: it must not run away
  CHECK(fit.covariance().trace() > 0.5 * prior.trace());
}

TEST_CASE("a robust fit does not follow outliers", "[train][latent_fit]") {
  const Family model = random_family<Family>(1);
  const Vector<double> truth{{0.7, -0.9}};
  Shots<Family> shots(model, truth, 40, 0.01);
  for (Index p = 0; p < 4; ++p) shots.dx.col(10 * p) *= -3;
  LatentFit<Family> plain(model), robust(model, {.noise = 0.02, .huber = 1.5});
  plain.fit(shots.x, shots.dx);
  robust.fit(shots.x, shots.dx);
  CHECK((robust.z() - truth).norm() < 0.3 * (plain.z() - truth).norm());
}

TEST_CASE("where the mean leads astray, a fit starts again from the training latents",
          "[train][latent_fit]") {
  // The best of all starts, restarts or not, and never worse.
  const Family model = random_family<Family>(9);
  int better = 0;
  for (Index j = 0; j < model.latents().cols(); ++j) {
    const Shots<Family> shots(model, 2 * model.latents().col(j), 15, 0, 4);
    LatentFit<Family> once(model, {.restarts = 0}), again(model);
    once.fit(shots.x, shots.dx);
    again.fit(shots.x, shots.dx);
    CHECK(again.loss() <= once.loss() * 1.05 + 1e-4);
    better += again.loss() < 0.1 * once.loss();
  }
  CHECK(better >= 1);
}

TEST_CASE("a fit allocates only for more measurements than before", "[train][latent_fit]") {
  const Family model = random_family<Family>(1);
  const Shots<Family> many(model, Vector<double>{{0.7, -0.9}}, 50, 0.3);
  LatentFit<Family> fit(model);
  fit.fit(many.x, many.dx);
  const AllocationCounter counter;
  const bool converged = fit.fit(many.x, many.dx);
  CHECK(counter.count() == 0);
  CHECK(converged);
}

TEST_CASE("a model without modulation has nothing to fit, and wrong input is refused in one line",
          "[train][latent_fit]") {
  using Single = Model<Hamiltonian<2>, Net, None>;
  const Single model = random_family<Single>(7);
  const Shots<Single> shots(model, model.mean_latent(), 10);
  LatentFit<Single> fit(model);
  CHECK(fit.fit(shots.x, shots.dx));
  CHECK((fit.z() - model.mean_latent()).norm() == 0);

  CHECK(one_line_with(error_text([&] { fit.fit(shots.x.leftCols(0), shots.dx.leftCols(0)); }),
                      "LatentFit needs at least one measurement"));
  CHECK(one_line_with(error_text([&] { LatentFit<Single> bad(model, {.noise = 0}); }), "a positive noise"));
  Matrix<double, 2> nan = shots.dx;
  nan(1, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(one_line_with(error_text([&] { fit.fit(shots.x, nan); }), "NaN or Inf in measurement 2"));
}
