#include "metriplex/structure/separable_hamiltonian.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a separable structure conserves T + V", "[structure][separable_hamiltonian]") {
  test::check_structure<SeparableHamiltonian<2>>();
  test::check_structure<SeparableHamiltonian<6>>();
  STATIC_REQUIRE(output_columns<SeparableHamiltonian<6>> == 6);
  STATIC_REQUIRE(SeparableHamiltonian<6>::separable);
}

TEST_CASE("a separable structure has one potential of the positions and one of the momenta",
          "[structure][separable_hamiltonian]") {
  constexpr auto potentials = SeparableHamiltonian<4>::networks;
  CHECK(potentials[0].name == "V");
  CHECK(potentials[0].first == 0);
  CHECK(potentials[0].rows == 2);
  CHECK(potentials[1].name == "T");
  CHECK(potentials[1].first == 2);
  CHECK(potentials[1].rows == 2);

  const Vector<double, 4> slopes(1, 2, 3, 4);  // ∇V, ∇T
  Vector<double, 4> rate;
  SeparableHamiltonian<4>::field(slopes.data(), rate.data());
  CHECK(rate == Vector<double, 4>(3, 4, -1, -2));
}
