#include "metriplex/data/complete_pieces.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a motion is cut at gaps, and samples that miss a component are left out",
          "[data][complete_pieces]") {
  Motion<2> motion{Vector<double>{{0, 1, 2, 3, 20, 21, 40}}, Matrix<double, 2>::Random(2, 7)};
  motion.weights.setOnes(2, 7);
  motion.weights(1, 2) = 0;
  motion.states(1, 2) = std::numeric_limits<double>::quiet_NaN();
  const auto found = complete_pieces(motion, 4);
  REQUIRE(found.size() == 2);  // the last sample is alone
  CHECK(found[0].times == Vector<double>{{0, 1, 3}});
  CHECK(found[0].states.col(2) == motion.states.col(3));
  CHECK(found[1].times == Vector<double>{{20, 21}});
  CHECK(complete_pieces(motion, 100).size() == 1);
  motion.weights.setZero();
  CHECK(complete_pieces(motion, 4).empty());
}
