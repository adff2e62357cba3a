#include "metriplex/train/integral_error.hpp"

#include <cmath>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("an error of the rates is told from noise", "[train][integral_error]") {
  Random random(8);
  IntegralError<2> exact, off;
  for (int m = 0; m < 40; ++m) {
    Motion<2> motion{Vector<double>::LinSpaced(81, 0, 16), Matrix<double, 2>(2, 81)};
    Matrix<double, 2> field(2, 81);
    for (Index k = 0; k < 81; ++k) {
      const double phase = motion.times[k] + m;
      motion.states.col(k) << std::sin(phase) + 0.02 * random.normal(), std::cos(phase);
      field.col(k) << std::cos(phase), -std::sin(phase);
    }
    exact.add(motion, field);
    field.array() += 0.03;
    off.add(motion, field);
  }
  const Vector<double, 2> noise{{0.02, 0}};
  CHECK(exact.of_rates(noise)[0] < 0.012);
  CHECK(exact.of_rates(noise)[1] < 1e-6);
  CHECK(off.of_rates(noise)[0] == Approx(0.03).epsilon(0.2));
  CHECK(off.of_rates(noise)[1] == Approx(0.03).epsilon(1e-3));
}
