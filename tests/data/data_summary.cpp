#include "metriplex/data/data_summary.hpp"

#include <cmath>
#include <numbers>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Components: a swing, a constant, an angle that turns and is kept within (-pi, pi], noise of 0.1 about 50.
Recordings<4> family() {
  Random random(2);
  Recordings<4> all;
  for (int member = 0; member < 2; ++member) {
    Motion<4>& motion = all.members.emplace_back().motions.emplace_back();
    const Index n = member == 0 ? 200 : 100;
    motion.times = Vector<double>::LinSpaced(n, 0, 0.1 * static_cast<double>(n - 1));
    motion.states.resize(4, n);
    motion.rates.setZero(4, n);
    for (Index k = 0; k < n; ++k) {
      const double t = motion.times[k];
      motion.states.col(k) << 2 * std::sin(t), 7, std::remainder(t + 1, 2 * std::numbers::pi),
          50 + 0.1 * random.normal();
      motion.rates(0, k) = 2 * std::cos(t);
      motion.rates(2, k) = 1;
    }
  }
  return all;
}

}  // namespace

TEST_CASE("times are summed up", "[data][data_summary]") {
  Recordings<4> all = family();
  SamplingSummary sum = summarize_sampling(all);
  CHECK(sum.motions == 2);
  CHECK(sum.samples == 300);
  CHECK(sum.fewest == 100);
  CHECK(sum.most == 200);
  CHECK(sum.end == Approx(19.9));
  CHECK(sum.usual == Approx(0.1));
  CHECK(sum.regular());
  CHECK(sum.gaps == 0);
  for (Index k = 50; k < 100; ++k) all.members[1].motions[0].times[k] += 5;
  sum = summarize_sampling(all);
  CHECK(sum.gaps == 1);
  CHECK_FALSE(sum.regular());
  CHECK(sum.longest == Approx(5.1));
  CHECK(summarize_sampling(Recordings<2>{}).motions == 0);
}

TEST_CASE("each component's numbers are summed up", "[data][data_summary]") {
  Recordings<4> all = family();
  all.members[0].motions[0].weights.setOnes(4, 200);
  all.members[0].motions[0].weights(0, 3) = 0;
  all.members[0].motions[0].states(0, 3) = 1e9;
  const std::vector<ComponentSummary> sums = summarize_components(all);
  CHECK(sums[0].highest == Approx(2).epsilon(0.01));
  CHECK(sums[0].missing == 1);
  CHECK(sums[0].deviation == Approx(std::sqrt(2)).epsilon(0.1));
  CHECK(sums[0].jumps == 0);
  CHECK(sums[0].disagreement < 0.01);
  CHECK(sums[1].constant());
  CHECK_FALSE(sums[0].constant());
  CHECK(sums[2].jumps == 5);
  CHECK(sums[2].turn == Approx(2 * std::numbers::pi));
  CHECK(sums[3].mean == Approx(50).epsilon(0.01));
  CHECK(sums[3].noise == Approx(0.1).epsilon(0.2));
  CHECK(sums[3].jumps == 0);
}

TEST_CASE("times in another unit show beside rates", "[data][data_summary]") {
  Recordings<4> all = family();
  for (auto& member : all.members) member.motions[0].times /= 60;
  const std::vector<ComponentSummary> sums = summarize_components(all);
  CHECK(sums[0].stretch == Approx(60).epsilon(0.02));
  CHECK(sums[0].disagreement > 10);
}
