#include "metriplex/structure/forced.hpp"

#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a forced structure pulls back what it does", "[structure][forced]") {
  test::check_structure<Forced<PortHamiltonian<2>>>(false);
  test::check_structure<Forced<Mechanical<2, true>>>(false);
}

TEST_CASE("a forced structure is its base and a force, and its time passes", "[structure][forced]") {
  using S = Forced<PortHamiltonian<2>>;
  STATIC_REQUIRE(S::name == "forced_port_hamiltonian");
  STATIC_REQUIRE(given_count<S> == 1);
  const Vector<double, 3> x(0.1, 0.2, 7), unit(1, 1, 1), slope(2, 3, 0);
  const Vector<double, 4> outputs(2, 3, 0.5, -4);  // ∇H, C, F
  Vector<double, 3> dx;
  const Place<double> at{x.data(), unit.data()};
  S::field(at, outputs.data(), dx.data());
  CHECK(dx[0] == 3);
  CHECK(dx[1] == Approx(-2 - 0.5 * 0.5 * 3 - 4));
  CHECK(dx[2] == 1);
  CHECK(S::supply(at, outputs.data(), slope.data()) == -12);
}
