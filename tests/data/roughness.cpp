#include "metriplex/data/roughness.hpp"

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("fifth derivatives are found at any times, and noise is no part of them", "[data][roughness]") {
  Random random(6);
  Roughness<2> exact, noisy;
  CHECK(exact.fifth_derivative(Vector<double, 2>::Zero()).isZero());
  const Vector<double, 2> noise{{0.01, 0.02}};
  for (int repeat = 0; repeat < 400; ++repeat) {
    Motion<2> motion{Vector<double>(12), Matrix<double, 2>(2, 12)};
    for (Index k = 0; k < 12; ++k) {
      const double t = motion.times[k] = 0.2 * static_cast<double>(k) + 0.1 * random.uniform(0, 1);
      motion.states.col(k) << 1e3 + std::pow(t, 5) / 120, 1 - t * t * t * t;
    }
    exact.add(motion);
    for (double& x : motion.states.reshaped()) x += 0.01 * random.normal();
    noisy.add(motion);
  }
  const auto found = exact.fifth_derivative(Vector<double, 2>::Zero());
  CHECK(found[0] == Approx(1).epsilon(1e-3));
  CHECK(found[1] < 1e-6);
  const auto raw = noisy.fifth_derivative(Vector<double, 2>::Zero());
  CHECK(noisy.fifth_derivative(Vector<double, 2>::Constant(0.01))[0] < 0.4 * raw[0]);
  CHECK(noisy.fifth_derivative(noise)[1] == 0);
}
