#include "metriplex/structure/hamiltonian.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a Hamiltonian structure is skew: it conserves its energy", "[structure][hamiltonian]") {
  test::check_structure<Hamiltonian<2>>();
  test::check_structure<Hamiltonian<4>>();
  test::check_structure<Hamiltonian<6>>();
  STATIC_REQUIRE(output_columns<Hamiltonian<4>> == 4);
  STATIC_REQUIRE(!Hamiltonian<4>::separable);
}

TEST_CASE("a Hamiltonian structure moves positions along and momenta against the slopes of the energy",
          "[structure][hamiltonian]") {
  const Vector<double, 4> slope(1, 2, 3, 4);  // (∂q1, ∂q2, ∂p1, ∂p2)
  Vector<double, 4> rate;
  Hamiltonian<4>::field(slope.data(), rate.data());
  CHECK(rate == Vector<double, 4>(3, 4, -1, -2));
}
