#include "metriplex/structure/mechanical_momenta.hpp"

#include "metriplex/structure/mechanical.hpp"
#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a mechanical structure in momenta pulls back field and energy to networks and state",
          "[structure][mechanical_momenta]") {
  test::check_structure<MechanicalMomenta<1>>(false);
  test::check_structure<MechanicalMomenta<2>>(false);
}

TEST_CASE("a mechanical structure in momenta moves a pendulum as Hamilton says",
          "[structure][mechanical_momenta]") {
  // M = (1 + c)² + ε, V' = 3, dc/dq = 0.5: q̇ = p/M, ṗ = ½M'v² − V' of a single degree of freedom, p in units of 2.
  const double c = 0.25, slope = 0.5, force = 3, p = 1.5, unit_p = 2;
  const Vector<double, 2> x(0.3, p), unit(1, unit_p);
  const Vector<double, 3> outputs(c, slope, force);
  Vector<double, 2> dx;
  MechanicalMomenta<1>::field(Place<double>{x.data(), unit.data()}, outputs.data(), dx.data());
  const double mass = ((1 + c) * (1 + c) + 1.0 / 1024) * unit_p * unit_p,
               mass_slope = 2 * (1 + c) * slope * unit_p * unit_p;
  CHECK(dx[0] == Approx(p / mass));
  CHECK(dx[1] == Approx(mass_slope * dx[0] * dx[0] / 2 - force));
  CHECK(MechanicalMomenta<1>::energy(Place<double>{x.data(), unit.data()}, outputs.data()) ==
        Approx(p * p / (2 * mass)));
}
