#include "metriplex/train/schedule.hpp"

#include "support/catch.hpp"

using namespace metriplex;

namespace {
struct Textual {
  const char* operator()(Index, Index) const { return "fast"; }
};
}  // namespace

TEST_CASE("a cosine schedule has PyTorch's values", "[train][schedule]") {
  // CosineAnnealingLR(T_max = 10, eta_min = 0.01), PyTorch 1.13.
  constexpr double truth[] = {
      1.0,   0.9757729755661011,  0.905463412215599,   0.7959536998847743,  0.6579634122155991,
      0.505, 0.35203658778440106, 0.21404630011522585, 0.10453658778440106, 0.034227024433899,
      0.01};
  for (Index step = 0; step <= 10; ++step)
    CHECK(CosineSchedule{0.01, 0}(step, 10) == Approx(truth[step]).epsilon(1e-13));
  CHECK(CosineSchedule{1.0, 0}(7, 10) == 1.0);
}

TEST_CASE("a cosine schedule warms up along a line and goes on from its top", "[train][schedule]") {
  const CosineSchedule schedule{.final = 0.01, .warm_up = 0.1};
  for (Index step = 0; step < 10; ++step)
    CHECK(schedule(step, 100) == Approx(static_cast<double>(step + 1) / 11).epsilon(1e-15));
  for (Index step = 10; step <= 100; ++step)
    CHECK(schedule(step, 100) == CosineSchedule{0.01, 0}(step - 10, 90));
  CHECK(schedule(0, 9) == 1);  // too short for a step of it
  CHECK(std::isfinite(CosineSchedule{.warm_up = 1}(9, 10)));
  CHECK(std::isnan(CosineSchedule{.warm_up = std::nan("")}(0, 10)));  // which training refuses
}

TEST_CASE("a constant schedule stays at one", "[train][schedule]") {
  CHECK(ConstantSchedule{}(0, 10) == 1);
  CHECK(ConstantSchedule{}(9, 10) == 1);
}

TEST_CASE("a schedule is what gives a factor", "[train][schedule]") {
  STATIC_REQUIRE(Schedule<CosineSchedule>);
  STATIC_REQUIRE(Schedule<ConstantSchedule>);
  STATIC_REQUIRE(!Schedule<Textual>);
  STATIC_REQUIRE(!Schedule<int>);
}
