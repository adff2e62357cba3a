#include "metriplex/data/unwrap.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("an angle that goes around counts turns, beside gaps and whatever the other components do",
          "[data][unwrap]") {
  Motion<2> motion;
  motion.times = Vector<double>::LinSpaced(40, 0, 10);
  motion.states.resize(2, 40);
  Matrix<double, 2> truth(2, 40);
  for (Index k = 0; k < 40; ++k) {
    const double t = motion.times[k], angle = 3 * t + std::sin(2 * t);
    truth.col(k) << angle, 100 * t;
    motion.states.col(k) << std::remainder(angle, 2 * std::numbers::pi), 100 * t;
  }
  motion.states(0, 7) = std::nan("");
  Recordings<2> family;
  family.members.push_back({{motion}, {}});
  unwrap(family, 0);
  const Motion<2>& counted = family.members[0].motions[0];
  for (Index k = 0; k < 40; ++k)
    if (k != 7) CHECK((counted.states.col(k) - truth.col(k)).norm() <= 1e-12);
  CHECK(std::isnan(counted.states(0, 7)));
  CHECK(error_text([&] { unwrap(motion, 2); }) ==
        "an angle to unwrap is one of 2 components, counted from 0; got 2");
}
