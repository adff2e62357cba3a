#include "metriplex/adapt/extrapolation.hpp"

#include <Eigen/LU>

#include "metriplex/adapt/latent_fit.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/oscillator_family.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;

TEST_CASE("outside is who is far from all training systems in what was measured", "[adapt][extrapolation]") {
  Family model(2);
  model.latents().resize(2, 21);  // a grid of one parameter, on a curve
  for (Index j = 0; j < 21; ++j) {
    const double s = 0.1 * static_cast<double>(j - 10);
    model.latents().col(j) << s, s * s;
  }
  const LatentPrior<Family> prior(model);
  Extrapolation<Family> outside(model);
  // Measurements fix one direction of z to 1/50 of the grid's step, or say nothing.
  const auto covariance = [&](const Vector<double>& direction, double precision) {
    const Vector<double> row = precision * prior.factor().transpose() * direction;
    return Matrix<double>((row * row.transpose() + Matrix<double>::Identity(2, 2)).inverse());
  };
  const auto asks = [&](const Vector<double>& z, const Matrix<double>& c) {
    Vector<double> u(2);
    prior.whiten(z.data(), u.data());
    return outside(prior, u, c);
  };
  const Matrix<double> first = covariance(Vector<double>{{1, 0}}, 500);
  CHECK_FALSE(asks(Vector<double>{{0.05, 0}}, first));  // between two of them
  CHECK_FALSE(asks(Vector<double>{{1.05, 1.1}}, first));
  CHECK(asks(Vector<double>{{1.2, 1.4}}, first));  // two steps beyond the last
  CHECK(asks(Vector<double>{{-3, 0}}, first));
  CHECK_FALSE(asks(Vector<double>{{0.05, 9}}, first));  // the second component was not measured
  CHECK_FALSE(asks(Vector<double>{{9, 9}}, Matrix<double>::Identity(2, 2)));
  const Matrix<double> both = (500.0 * 500.0 * Matrix<double>(prior.factor().transpose() * prior.factor()) +
                               Matrix<double>::Identity(2, 2))
                                  .inverse();
  CHECK(asks(Vector<double>{{0, 0.8}}, both));  // off the curve, though no further from the mean than others
  CHECK_FALSE(asks(Vector<double>{{0.5, 0.25}}, both));

  const AllocationCounter counter;
  Vector<double> u = Vector<double>::Zero(2);
  const auto before = counter.count();
  outside(prior, u, both);
  CHECK(counter.count() == before);
}

TEST_CASE("a fit knows its own family, from members outside of it and from other systems",
          "[adapt][extrapolation]") {
  using Model = Model<Hamiltonian<2>, Mlp<Tanh, 2, 16, 16, 1>, LowRank<2>>;
  Model model(2);
  const TaskSet<2> family = test::oscillator_family(24, 40);
  AutoDecoder(model, family, {.steps = 500, .rate = 1e-2, .latent_rate = 3e-2}).run();
  double softest = 9, stiffest = 0;
  for (const auto& task : family.tasks) {
    softest = std::min(softest, task.mu[0]);
    stiffest = std::max(stiffest, task.mu[0]);
  }
  LatentFit<Model> fit(model);
  Random random(5);
  const auto force = [](double stiffness, double cubic) {
    return [=](double q) { return -stiffness * q - cubic * q * q * q; };
  };
  // Fits 20 measurements; returns the status and, from 200 others, the error of the field.
  const auto identify = [&](auto&& f) {
    const auto measure = [&](Index count, Matrix<double, 2>& x, Matrix<double, 2>& dx) {
      x = Matrix<double, 2>::NullaryExpr(2, count, [&] { return random.uniform(-1, 1); });
      dx.resize(2, count);
      for (Index p = 0; p < count; ++p) dx.col(p) << x(1, p), f(x(0, p));
    };
    Matrix<double, 2> x, dx;
    measure(20, x, dx);
    const FitStatus status = fit.fit(x, dx);
    measure(200, x, dx);
    Matrix<double, 2> predicted(2, 200);
    model.bind(fit.z()).batch(x, predicted);
    return std::pair(status, (predicted - dx).norm() / dx.norm());
  };
  int own = 0, misled = 0;
  constexpr int trials = 40;
  for (int k = 0; k < trials; ++k) {
    own += identify(force(random.uniform(softest, stiffest), 0)).first == FitStatus::converged;
    const double stiffness = k % 2 == 0 ? random.uniform(2.5, 8) : random.uniform(0.02, 0.3);
    const auto [status, error] = identify(force(stiffness, 0));
    misled += status == FitStatus::converged && error > 0.1;
    CHECK(identify(force(1, random.uniform(2, 5))).first == FitStatus::poor);
  }
  INFO(own << " of " << trials << " own members, " << misled << " misled");
  CHECK(own >= 0.95 * trials);
  CHECK(misled <= 0.05 * trials);
  CHECK(identify(force(2.6, 0)).first != FitStatus::converged);
}
