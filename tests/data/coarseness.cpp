#include "metriplex/data/coarseness.hpp"

#include <cmath>

#include "metriplex/core/random.hpp"
#include "metriplex/data/noise_level.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("coarseness is the angle from sample to sample, whatever the units and the noise",
          "[data][coarseness]") {
  const auto of = [](double omega, double interval, double noise, double every_other = 1) {
    Random random(1);
    Recordings<2> family;
    for (int m = 0; m < 3; ++m) {
      Motion<2> motion{Vector<double>::LinSpaced(200, 0, 199 * interval), Matrix<double, 2>(2, 200)};
      for (Index k = 1; k < 200; ++k)
        motion.times[k] = motion.times[k - 1] + (k % 2 == 0 ? interval : every_other * interval);
      for (Index k = 0; k < 200; ++k)
        motion.states.col(k) << 7 + std::sin(omega * motion.times[k] + m) + noise * random.normal(),
            1e-6 * std::cos(0.3 * omega * motion.times[k]);
      family.members.push_back({.motions = {motion}});
    }
    return coarseness(family, noise_deviation(family));
  };
  CHECK(coarseness(std::pow(3.0, 5), 3.0, 0.2) == Approx(0.6 / std::pow(120, 0.25)));
  CHECK(of(1, 0.4, 0) == Approx(0.4 / std::pow(120, 0.25)).epsilon(0.02));
  CHECK(of(100, 0.004, 0) == Approx(of(1, 0.4, 0)).epsilon(1e-3));
  const double uneven = std::pow((1 + 81) / 2.0, 0.25) * 0.2;  // the long intervals lose what is lost
  CHECK(of(1, 0.2, 0, 3) == Approx(uneven / std::pow(120, 0.25)).epsilon(0.02));
  CHECK(of(1, 0.8, 0.005) == Approx(0.8 / std::pow(120, 0.25)).epsilon(0.1));
  CHECK(coarseness(Recordings<2>({{.motions = {{Vector<double>{{0}}, Matrix<double, 2>::Ones(2, 1)}}}}),
                   Vector<double, 2>::Zero().eval()) == 0);
}
