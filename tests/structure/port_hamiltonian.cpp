#include "metriplex/structure/port_hamiltonian.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a port-Hamiltonian structure pulls back what it does", "[structure][port_hamiltonian]") {
  test::check_structure<PortHamiltonian<4>>(false);
  test::check_structure<PortHamiltonian<4, 0, 2>>(false);
}

TEST_CASE("a resistance takes energy, as much as its root says, and from momenta alone",
          "[structure][port_hamiltonian]") {
  Random random(3);
  for (int draw = 0; draw < 20; ++draw) {
    using S = PortHamiltonian<4>;
    const auto outputs = test::random_vector<test::Outputs<S>>(random);
    Vector<double, 4> dx;
    S::field(outputs.data(), dx.data());
    CHECK(dx.head<2>() == outputs.segment<2>(2));
    const Eigen::Map<const Eigen::Matrix<double, 2, 2, Eigen::RowMajor>> C(outputs.data() + 4);
    const double loss = (C.transpose() * outputs.segment<2>(2)).squaredNorm();
    CHECK(outputs.head<4>().dot(dx) == Approx(-loss));
  }
}
