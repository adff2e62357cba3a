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
    CHECK(CosineSchedule{0.01}(step, 10) == Approx(truth[step]).epsilon(1e-13));
  CHECK(CosineSchedule{1.0}(7, 10) == 1.0);
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
