#include "metriplex/adapt/latent_fit.hpp"

#include <limits>

#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/train/adapt_by_adam.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"

using namespace metriplex;

namespace {

using Family = test::SmallFamily;
using Dissipative = test::SmallDissipative;
using test::random_family;
using test::Shots;

template <class M>
void check_identification(double tolerance) {
  const M model = random_family<M>(1);
  const Vector<typename M::Scalar> truth{{0.7f, -0.9f}};
  LatentFit<M> fit(model);
  for (const Index count : {2, 5, 50}) {
    const Shots<M> shots(model, truth, count);
    INFO(M::Structure::name << ", " << count << " shots");
    CHECK(fit.fit(shots.x, shots.dx) == FitStatus::converged);
    CHECK(fit.loss() < 1e-4);
    CHECK((fit.z() - truth).norm() < (count == 50 ? tolerance : 0.2));
    CHECK(fit.iterations() < 60);
  }
}

}  // namespace

TEST_CASE("a fit finds the member of a family that was measured", "[adapt][latent_fit]") {
  check_identification<Family>(1e-3);
  check_identification<Dissipative>(1e-3);
  check_identification<Model<Hamiltonian<2>, test::SmallNet, LowRank<2>, float>>(1e-2);
}

TEST_CASE("where Adam stops a fit is at least as good", "[adapt][latent_fit]") {
  const Family model = random_family<Family>(3);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Shots<Family> shots(model, Vector<double>{{0.4, 1.1}}, 20, 0.05, seed);
    LatentFit<Family> fit(model, {.noise = 1e-3});
    CHECK(fit.fit(shots.x, shots.dx) != FitStatus::stopped);
    CHECK(fit.loss() <= adapt_by_adam(model, shots.x, shots.dx, {.noise = 0}).loss * (1 + 1e-2));
  }
}

TEST_CASE("noise shrinks the fit to the prior, and its covariance covers the truth", "[adapt][latent_fit]") {
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

TEST_CASE("data that say nothing leave the prior, and never NaN", "[adapt][latent_fit]") {
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

TEST_CASE("a robust fit does not follow outliers", "[adapt][latent_fit]") {
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
          "[adapt][latent_fit]") {
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

TEST_CASE("a fit allocates only for more measurements than before", "[adapt][latent_fit]") {
  const Family model = random_family<Family>(1);
  const Shots<Family> many(model, Vector<double>{{0.7, -0.9}}, 50, 0.3);
  LatentFit<Family> fit(model);
  fit.fit(many.x, many.dx);
  const AllocationCounter counter;
  const FitStatus status = fit.fit(many.x, many.dx);
  CHECK(counter.count() == 0);
  CHECK(status == FitStatus::poor);
}

TEST_CASE("a model without modulation has nothing to fit, and wrong input is refused in one line",
          "[adapt][latent_fit]") {
  using Single = Model<Hamiltonian<2>, test::SmallNet, None>;
  const Single model = random_family<Single>(7);
  const Shots<Single> shots(model, model.mean_latent(), 10);
  LatentFit<Single> fit(model);
  CHECK(fit.fit(shots.x, shots.dx) == FitStatus::converged);
  CHECK((fit.z() - model.mean_latent()).norm() < 1e-12);

  CHECK(one_line_with(error_text([&] { fit.fit(shots.x.leftCols(0), shots.dx.leftCols(0)); }),
                      "adaptation needs at least one measurement"));
  CHECK(one_line_with(error_text([&] { LatentFit<Single> bad(model, {.noise = 0}); }), "a noise from"));
  Matrix<double, 2> nan = shots.dx;
  nan(1, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(one_line_with(error_text([&] { fit.fit(shots.x, nan); }), "NaN or Inf in measurement 2"));
}

namespace {

/// Measures a member's motion at irregular times, with noise relative to the states' spread.
Motion<2> motion_of(const Family& model, const Vector<double>& z, Index samples, double noise,
                    std::uint64_t seed) {
  Random random(seed);
  Motion<2> motion{Vector<double>(samples), Matrix<double, 2>(2, samples)};
  const auto member = model.bind(z);
  Vector<double, 2> x{random.uniform(-1, 1), random.uniform(-1, 1)};
  double time = 0.3;
  for (Index k = 0; k < samples; ++k) {
    motion.times[k] = time;
    for (int i = 0; i < 2; ++i)
      motion.states(i, k) = x[i] + noise / model.scaling().inverse_scale[i] * random.normal();
    const double dt = random.uniform(0.02, 0.15);
    for (int step = 0; step < 20; ++step) REQUIRE(Rk4{}.step(member, x, dt / 20) == StepStatus::ok);
    time += dt;
  }
  return motion;
}

}  // namespace

TEST_CASE("states alone identify a member, at irregular times, from one motion or several",
          "[adapt][latent_fit]") {
  const Family model = random_family<Family>(1);
  const Vector<double> truth{{0.7, -0.9}};
  LatentFit<Family> fit(model, {.noise = 1e-3, .model_error = 0});
  std::vector<Motion<2>> motions;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) motions.push_back(motion_of(model, truth, 25, 0, seed));
  CHECK(fit.fit(motions[0]) == FitStatus::converged);
  CHECK((fit.z() - truth).norm() < 2e-2);
  CHECK(fit.loss() < 1e-8);
  CHECK(fit.fit(motions) == FitStatus::converged);
  CHECK((fit.z() - truth).norm() < 1e-2);
  CHECK(fit.fit(motion_of(model, truth, 2, 0, 4)) == FitStatus::converged);  // two samples
  CHECK(fit.loss() < 1e-5);
}

TEST_CASE("noise on states is covered, and what is missing or weighed down does not matter",
          "[adapt][latent_fit]") {
  const Family model = random_family<Family>(1);
  const Vector<double> truth{{0.7, -0.9}};
  LatentFit<Family> fit(model, {.noise = 0.01});
  int inside = 0;
  constexpr int trials = 60;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<Motion<2>> motions;  // one alone may fit two members equally well
    for (std::uint64_t k = 0; k < 4; ++k)
      motions.push_back(motion_of(model, truth, 12, 0.01, k + 4 * static_cast<std::uint64_t>(trial)));
    fit.fit(motions);
    Matrix<double> factor = fit.covariance();
    const Vector<double> off = fit.z() - truth;
    Vector<double> solved = off;
    REQUIRE(factor_cholesky(2, factor.data()));
    solve_cholesky(2, factor.data(), solved.data());
    inside += off.dot(solved) < 5.99;
  }
  INFO(inside << " of " << trials);
  CHECK(inside >= 52);
  CHECK(inside <= trials);

  // Every third number is missing, and a wild one has a tiny weight.
  Motion<2> motion = motion_of(model, truth, 40, 0, 5);
  motion.weights.setOnes(2, 40);
  for (Index k = 0; k < 80; k += 3) {
    motion.weights(k % 2, k / 2) = 0;
    motion.states(k % 2, k / 2) = std::numeric_limits<double>::quiet_NaN();
  }
  motion.states(1, 3) = 5;
  motion.weights(1, 3) = 1e-12;
  CHECK(fit.fit(motion) == FitStatus::converged);
  CHECK((fit.z() - truth).norm() < 3e-2);
}

TEMPLATE_TEST_CASE("numbers that cannot be squared in the model's units are refused by name, and no others",
                   "[adapt][latent_fit]", double, float) {
  using M = Model<Hamiltonian<2>, test::SmallNet, LowRank<2>, TestType>;
  const M model = random_family<M>(1);
  const Shots<M> given(model, Vector<TestType>{{0.7f, -0.9f}}, 12);
  const Matrix<double, 2> x = given.x.template cast<double>(), dx = given.dx.template cast<double>();
  const double absurd = sizeof(TestType) == 4 ? 1e16 : 1e155, large = sizeof(TestType) == 4 ? 1e10 : 1e140;
  LatentFit<M> fit(model);
  const auto with = [](Matrix<double, 2> numbers, double value) {
    numbers(1, 3) = value;
    return numbers;
  };
  for (const double value : {absurd, -absurd, 1e300, std::numeric_limits<double>::max()}) {
    CHECK(one_line_with(error_text([&] { fit.fit(x, with(dx, value)); }),
                        "adaptation needs rates that can be squared in the model's units; got "));
    CHECK(one_line_with(error_text([&] { fit.fit(x, with(dx, value)); }), "in component 1 of measurement 3"));
    CHECK(
        one_line_with(error_text([&] { fit.fit(with(x, value), dx); }), "needs states that can be squared"));
    CHECK(one_line_with(error_text([&] { adapt_by_adam(model, x, with(dx, value)); }), "component 1 of"));
    const Motion<2> motion{Vector<double>::LinSpaced(12, 0, 1), with(x, value)};
    CHECK(one_line_with(error_text([&] { fit.fit(motion); }), "needs states that can be squared"));
  }
  Motion<2> heavy{Vector<double>::LinSpaced(12, 0, 1), x, Matrix<double, 2>::Ones(2, 12)};
  heavy.weights(0, 4) = 1e300;
  CHECK(
      one_line_with(error_text([&] { fit.fit(heavy); }), "of weight 1e+300 in component 0 of measurement 4"));
  CHECK(fit.fit(x, with(dx, large)) == FitStatus::poor);
  CHECK(fit.fit(x, with(dx, absurd), with(Matrix<double, 2>::Ones(2, 12), 0)) ==
        FitStatus::converged);  // missing
}

TEST_CASE("weights count measurements, and those of 0 are missing", "[adapt][latent_fit]") {
  const Family model = random_family<Family>(1);
  const Shots<Family> shots(model, Vector<double>{{0.7, -0.9}}, 12, 0.02);
  // Thrice a measurement is one of three times the weight.
  LatentFit<Family> once(model, {.noise = 0.05}), thrice(model, {.noise = 0.05});
  Matrix<double, 2> weights = Matrix<double, 2>::Ones(2, 12);
  Matrix<double, 2> x(2, 14), dx(2, 14);
  x << shots.x, shots.x.col(3), shots.x.col(3);
  dx << shots.dx, shots.dx.col(3), shots.dx.col(3);
  weights.col(3).setConstant(3);
  once.fit(shots.x, shots.dx, weights);
  thrice.fit(x, dx);
  // The size that noise is relative to is a mean over other numbers, hence the tolerance.
  CHECK((once.z() - thrice.z()).norm() < 0.05 * std::sqrt(once.covariance().trace()));

  LatentFit<Family> whole(model), masked(model);
  weights.setOnes();
  weights.rightCols(4).setZero();
  Matrix<double, 2> broken = shots.dx;
  broken.rightCols(4).setConstant(std::numeric_limits<double>::quiet_NaN());
  whole.fit(shots.x.leftCols(8), shots.dx.leftCols(8));
  masked.fit(shots.x, broken, weights);
  CHECK((whole.z() - masked.z()).norm() < 1e-9);
  weights(0, 0) = -1;
  CHECK(one_line_with(error_text([&] { masked.fit(shots.x, broken, weights); }), "weights >= 0"));
  weights.setZero();
  CHECK(
      one_line_with(error_text([&] { masked.fit(shots.x, broken, weights); }), "all 12 have a weight of 0"));
}
