#include "metriplex/data/motion.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("a motion is refused in one line where it cannot be used", "[data][motion]") {
  const Motion<2> good{Vector<double>{{0, 0.1, 0.5}}, Matrix<double, 2>::Ones(2, 3)};
  good.check("here");
  CHECK(good.complete(1));
  const auto refused = [&](auto&& spoil, const char* text) {
    Motion<2> bad = good;
    spoil(bad);
    CHECK(one_line_with(error_text([&] { bad.check("identify"); }), text));
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  refused([](auto& m) { m.times.conservativeResize(1); }, "identify needs two samples of a motion or more");
  refused([](auto& m) { m.states.conservativeResize(2, 2); }, "got 3 times, [2 x 2]");
  refused([](auto& m) { m.times[2] = 0.1; }, "times that increase; got another at sample 2");
  refused([](auto& m) { m.states(1, 2) = nan; }, "NaN or Inf at sample 2");
  refused([](auto& m) { m.weights.setConstant(2, 3, -1); }, "weights >= 0; got another at sample 0");

  Motion<2> masked = good;
  masked.states(1, 2) = nan;
  masked.weights.setOnes(2, 3);
  masked.weights(1, 2) = 0;
  masked.check("here");
  CHECK_FALSE(masked.complete(2));
  CHECK(masked.complete_samples() == std::vector<Index>{0, 1});
  masked.rates = Matrix<double, 2>::Random(2, 3);
  const Motion<2> picked = masked.pick({1, 0});
  CHECK(picked.times == Vector<double>{{0.1, 0}});
  CHECK(picked.states == masked.states.leftCols(2));  // all ones
  CHECK(picked.rates.col(0) == masked.rates.col(1));
  CHECK(picked.weights.cols() == 2);
  CHECK(picked.inputs.size() == 0);
}
