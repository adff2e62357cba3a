#include "metriplex/integrate/ybaby.hpp"

#include "support/catch.hpp"
#include "support/generic_integrator_suite.hpp"

using namespace metriplex;

TEST_CASE("YBABY is of order 2 and symmetric", "[integrate][ybaby]") {
  check_generic_integrator(Ybaby{}, exact_field<Dno>({1.5, 0.3}), Vector<double, 3>(0.9, 0.7, 0.2), 4, 64);
  check_generic_integrator(Ybaby{}, exact_field<Tgc>({0.7, 1.2}), Vector<double, 4>(0.8, 0.4, 1.6, 2.3), 2,
                           64);
}

TEST_CASE("YBABY has its order on the reference problems", "[integrate][ybaby]") {
  check_generic_integrator(Ybaby{}, exact_field<Tgc>(Tgc::reference_member()), Tgc::reference_state(),
                           Tgc::reference_horizon, 512);
  check_generic_integrator(Ybaby{}, exact_field<Dno>(Dno::reference_member()), Dno::reference_state(),
                           Dno::reference_horizon, 2048);
}

TEST_CASE("with YBABY the energy wavers within a bound and entropy never falls", "[integrate][ybaby]") {
  const auto field = exact_field<Dno>(Dno::reference_member());
  const Kept rough = kept(Ybaby{}, field, Dno::reference_state(), 0.2, 20000);
  const Kept fine = kept(Ybaby{}, field, Dno::reference_state(), 0.1, 20000);
  CHECK(rough.steps == 20000);
  CHECK(rough.least_gain >= 0);
  CHECK(rough.drift < 1e-2);
  CHECK(rough.drift / fine.drift == Approx(4).margin(0.5));
  const Kept gas =
      kept(Ybaby{}, exact_field<Tgc>(Tgc::reference_member()), Tgc::reference_state(), 0.05, 5000);
  CHECK(gas.least_gain > -1e-14);
  CHECK(gas.drift < 2e-2);
}
