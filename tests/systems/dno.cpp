#include "metriplex/systems/dno.hpp"

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("dno agrees with its golden trajectories", "[systems][dno]") {
  check_system<Dno>();
}

TEST_CASE("a damped oscillator moves by its equations", "[systems][dno]") {
  const auto field = exact_field<Dno>({1.5, 0.2});
  Vector<double, 3> rate;
  field({0.7, -0.4, 0.3}, rate);
  CHECK(rate[0] == Approx(-0.4));
  CHECK(rate[1] == Approx(-1.5 * std::sin(0.7) + 0.2 * 0.4));
  CHECK(rate[2] == Approx(0.2 * 0.16));
  CHECK(field.energy({0.7, -0.4, 0.3}) == Approx(0.08 - 1.5 * std::cos(0.7) + 0.3));
  CHECK(field.entropy({0.7, -0.4, 0.3}) == 0.3);
}

TEST_CASE("its friction alone is followed exactly", "[systems][dno]") {
  const auto field = exact_field<Dno>({1.5, 0.2});
  Vector<double, 3> x(0.7, -0.4, 0.3);
  CHECK(field.relax(x, 3) == StepStatus::ok);
  CHECK(x[0] == 0.7);
  CHECK(x[1] == Approx(-0.4 * std::exp(-0.6)));
  CHECK(x[2] == Approx(0.3 + 0.08 * (1 - std::exp(-1.2))));
}
