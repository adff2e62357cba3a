#include "metriplex/systems/duffing.hpp"

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("duffing agrees with its golden trajectories", "[systems][duffing]") {
  check_system<Duffing>();
}

TEST_CASE("a Duffing oscillator rests in its two wells", "[systems][duffing]") {
  const auto field = hamiltonian_field<Duffing>({-1, 0.25});
  Vector<double, 2> rate;
  for (const double q : {-2.0, 0.0, 2.0}) {
    field({q, 0}, rate);
    CHECK(rate.isZero(1e-15));
  }
  CHECK(field.energy({2, 0}) == -1);
}
