#include "metriplex/systems/sample_system.hpp"

#include <string_view>

#include "metriplex/systems/pendulum.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

struct Unwilling : Pendulum {
  static constexpr std::string_view name = "unwilling";
  static bool accepts(const Vector<double, 2>&, const Vector<double, 2>&) { return false; }
};

}  // namespace

TEST_CASE("points fill their box", "[systems][sample_system]") {
  constexpr Box<2> box{{-1, 2}, {1, 6}};
  Random random(1);
  Vector<double, 2> lowest(9, 9), highest(-9, -9), sum(0, 0);
  for (int i = 0; i < 4000; ++i) {
    const Vector<double, 2> point = sample_box(box, random);
    lowest = lowest.cwiseMin(point);
    highest = highest.cwiseMax(point);
    sum += point;
  }
  CHECK((lowest - Vector<double, 2>(-1, 2)).norm() < 0.01);
  CHECK((highest - Vector<double, 2>(1, 6)).norm() < 0.01);
  CHECK((sum / 4000 - Vector<double, 2>(0, 4)).norm() < 0.1);
  CHECK((lowest.array() >= Vector<double, 2>(-1, 2).array()).all());
  CHECK((highest.array() <= Vector<double, 2>(1, 6).array()).all());
}

TEST_CASE("initial states are such as the system accepts", "[systems][sample_system]") {
  Random random(2);
  int refused = 0;
  for (int i = 0; i < 500; ++i) {
    const auto mu = sample_parameters<Pendulum>(random);
    REQUIRE(Pendulum::accepts(sample_initial_state<Pendulum>(mu, random), mu));
    refused += !Pendulum::accepts(sample_box(Pendulum::initial_box, random), mu);
  }
  CHECK(refused > 0);
}

TEST_CASE("a system that accepts nothing ends in an error and not in an endless loop",
          "[systems][sample_system]") {
  Random random(3);
  const auto text = error_text([&] { sample_initial_state<Unwilling>({1, 1}, random); });
  CHECK(one_line_with(text, "system unwilling"));
}
