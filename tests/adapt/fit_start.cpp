#include "metriplex/adapt/fit_start.hpp"

#include "metriplex/core/random.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("an initial state is found below the noise of its measurement", "[adapt][fit_start]") {
  const auto field = exact_field<Pendulum>({1.0, 1.0});
  const Vector<double, 2> truth{{1.2, -0.4}}, spread{{1, 1}};
  const Vector<double> times = Vector<double>::LinSpaced(30, 5, 8);
  Motion<2> motion{times, rollout(field, Rk4{}, truth, times, 16).states};
  CHECK((fit_start(field, motion, spread) - truth).norm() < 1e-5);
  Random random(1);
  double measured = 0, found = 0;
  for (int repeat = 0; repeat < 40; ++repeat) {
    Motion<2> noisy = motion;
    for (double& x : noisy.states.reshaped()) x += 0.05 * random.normal();
    measured += (noisy.states.col(0) - truth).squaredNorm();
    found += (fit_start(field, noisy, spread) - truth).squaredNorm();
  }
  CHECK(found < 0.5 * measured);
  // What was not measured may be anything.
  Motion<2> masked = motion;
  masked.weights.setOnes(2, 30);
  masked.weights(0, 3) = 0;
  masked.states(0, 3) = 1e9;
  CHECK((fit_start(field, masked, spread) - truth).norm() < 1e-5);
  // A first measurement that is not noisy is not doubted.
  motion.states(0, 0) += 0.01;
  CHECK(start_of(field, motion, {0, 1e-4}, spread) == motion.states.col(0));
  CHECK(start_of(field, motion, {0, 0.01}, spread) == fit_start(field, motion, spread));
  const Motion<2> one{times.head(1), truth};
  CHECK(fit_start(field, one, spread) == truth);
}
