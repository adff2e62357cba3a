#include "metriplex/train/state_windows.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("motions become windows of complete samples, the ends counted as if windows went beyond",
          "[train][state_windows]") {
  Motion<1> motion{Vector<double>::LinSpaced(12, 0, 11), Matrix<double, 1>(1, 12)};
  for (Index k = 0; k < 12; ++k) motion.states(0, k) = static_cast<double>(k * k);
  motion.times.tail(4).array() += 20;  // a gap before sample 8
  motion.weights.setOnes(1, 12);
  motion.weights(0, 2) = 0;
  Recordings<1> family;
  family.members.resize(1);
  family.members[0].motions = {motion};

  StateWindows<double, 1> windows;
  const auto seen = windows.look(family, Vector<double>{{0.5}});
  REQUIRE(seen.states.cols() == 11);
  const auto scaling = Scaling<double, 1>::fit(seen.states, seen.rates, 0);
  windows.cut(
      scaling, seen, 3, [](const double*, Index) { return 2; },
      [](const double* times, Index n) { return static_cast<std::uint32_t>(times[n - 1] - times[0]); });
  REQUIRE(windows.systems() == 1);
  const auto& system = windows[0];
  CHECK(system.pieces.size() == 2);
  CHECK(system.samples() == 11);
  CHECK(system.intervals() == Vector<double>{{1, 2, 1, 1, 1, 1, 0, 1, 1, 1, 0}});
  CHECK(system.x(0, 10) == Approx(121 - seen.states.mean()));
  std::vector<std::uint32_t> starts, kinds;
  for (const auto& window : system.windows) {
    starts.push_back(window.first), kinds.push_back(window.kind);
    CHECK(window.samples == 3);
  }
  CHECK(starts == std::vector<std::uint32_t>{0, 0, 1, 3, 4, 4, 7, 7, 8, 8});
  CHECK(kinds == std::vector<std::uint32_t>{3, 3, 3, 2, 2, 2, 2, 2, 2, 2});
  CHECK(windows.noise()[0] == 0.5);
  CHECK(windows.deviation(scaling, 1e-4)[0] == 0.5);
  CHECK(windows.deviation(scaling, 10)[0] == Approx(10 / scaling.inverse_scale[0]));
}

TEST_CASE("a family without two samples in a row of each member is refused", "[train][state_windows]") {
  Recordings<2> family;
  family.members.resize(2);
  family.members[0].motions = {{Vector<double>::LinSpaced(5, 0, 1), Matrix<double, 2>::Random(2, 5)}};
  family.members[1].motions = {{Vector<double>{{0}}, Matrix<double, 2>::Ones(2, 1)}};
  StateWindows<double, 2> windows;
  CHECK(one_line_with(error_text([&] { windows.look(family, {}); }),
                      "two samples in a row of each member; got none of member 1"));
}
