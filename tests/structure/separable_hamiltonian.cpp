#include "metriplex/structure/separable_hamiltonian.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a separable structure conserves T + V", "[structure][separable_hamiltonian]") {
  test::check_structure<SeparableHamiltonian<2>>();
  test::check_structure<SeparableHamiltonian<6>>();
  STATIC_REQUIRE(gradient_columns<SeparableHamiltonian<6>> == 6);
  STATIC_REQUIRE(SeparableHamiltonian<6>::separable);
}

TEST_CASE("a separable structure has one potential of the positions and one of the momenta",
          "[structure][separable_hamiltonian]") {
  constexpr auto potentials = SeparableHamiltonian<4>::potentials;
  CHECK(potentials[0].name == "V");
  CHECK(potentials[0].first == 0);
  CHECK(potentials[0].rows == 2);
  CHECK(potentials[1].name == "T");
  CHECK(potentials[1].first == 2);
  CHECK(potentials[1].rows == 2);

  const Matrix<double> slopes{{1, 2, 3, 4}};  // ∇V, ∇T
  Matrix<double> rate(1, 4);
  SeparableHamiltonian<4>::field(slopes, rate);
  CHECK(rate == Matrix<double>{{3, 4, -1, -2}});
}
