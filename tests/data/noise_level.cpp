#include "metriplex/data/noise_level.hpp"

#include <cmath>
#include <limits>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Swings of 1 and of 30 with white noise of a share of them; times regular or scattered.
Recordings<2> noisy_swings(double share, bool irregular, Index samples = 200) {
  Random random(1);
  Recordings<2> family;
  for (int member = 0; member < 4; ++member) {
    Motion<2>& motion = family.members.emplace_back().motions.emplace_back();
    motion.times.resize(samples);
    motion.states.resize(2, samples);
    double t = 1.7e9;
    for (Index k = 0; k < samples; ++k) {
      t += irregular ? random.uniform(0.02, 0.2) : 0.11;
      motion.times[k] = t;
      const double angle = (1 + 0.1 * member) * (t - 1.7e9);
      motion.states(0, k) = std::cos(angle) + share * random.normal();
      motion.states(1, k) = 1000 + 30 * std::sin(angle) + 30 * share * random.normal();
    }
  }
  return family;
}

}  // namespace

TEST_CASE("white noise is measured in each component's unit", "[data][noise_level]") {
  for (const bool irregular : {false, true}) {
    for (const double share : {0.01, 0.05}) {
      const Vector<double, 2> found = noise_deviation(noisy_swings(share, irregular));
      CHECK(found[0] == Approx(share).epsilon(0.1));
      CHECK(found[1] == Approx(30 * share).epsilon(0.1));
    }
    const Vector<double, 2> none = noise_deviation(noisy_swings(0, irregular));
    CHECK(none[0] < 1e-5);
    CHECK(none[1] < 30e-5);
  }
}

TEST_CASE("noise is measured beside jumps, outliers and what is missing", "[data][noise_level]") {
  Recordings<2> family = noisy_swings(0.01, true);
  for (Member<2>& member : family.members) {
    Motion<2>& motion = member.motions[0];
    motion.weights.setOnes(2, motion.samples());
    for (Index k = 0; k < motion.samples(); ++k) {
      if (k % 50 < 5) {
        motion.weights(0, k) = 0;
        motion.states(0, k) = std::numeric_limits<double>::quiet_NaN();
      }
      if (k % 100 == 20) motion.states(1, k) = 1e6;
      if (k > 100) motion.states(0, k) += 6.28;
    }
  }
  const Vector<double, 2> found = noise_deviation(family);
  CHECK(found[0] == Approx(0.01).epsilon(0.2));
  CHECK(found[1] == Approx(0.3).epsilon(0.2));
}

TEST_CASE("of motions that are too short nothing is told", "[data][noise_level]") {
  CHECK(noise_deviation(noisy_swings(0.05, false, 6)).isZero(0));
  CHECK(noise_deviation(noisy_swings(0.05, false, 7))[0] > 0.01);
  CHECK(noise_deviation(Recordings<3>{}).isZero(0));
}
