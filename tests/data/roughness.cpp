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

TEST_CASE("samples close to each other do not hide how rough a motion is", "[data][roughness]") {
  Random random(7);
  Roughness<1> roughness;
  for (int repeat = 0; repeat < 20; ++repeat) {
    Motion<1> motion{Vector<double>(60), Matrix<double, 1>(1, 60)};
    double t = 0;
    for (Index k = 0; k < 60; ++k) {  // a sine, of which every other sample, at random, is not there
      for (t += 0.2; random.uniform(0, 1) < 0.5;) t += 0.2;
      motion.times[k] = t;
      motion.states(0, k) = std::sin(2 * t) + 0.01 * random.normal();
    }
    roughness.add(motion);
  }
  CHECK(roughness.fifth_derivative(Vector<double, 1>{{0.011}})[0] > 0.1 * 32 * std::sqrt(0.5));
}
