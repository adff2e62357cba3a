#include "metriplex/structure/driven.hpp"

#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a driven structure pulls back what it does", "[structure][driven]") {
  test::check_structure<Driven<PortHamiltonian<4>, 2>>(false);
  test::check_structure<Driven<Mechanical<2>, 1>>(false);
  test::check_structure<Driven<PortHamiltonian<2>, 1, 0>>(false);
}

TEST_CASE("a driven structure is its base and what its inputs add, which it holds", "[structure][driven]") {
  using Base = PortHamiltonian<4>;
  using S = Driven<Base, 2>;
  STATIC_REQUIRE(S::name == "driven_port_hamiltonian");
  STATIC_REQUIRE(S::dim == 6);
  STATIC_REQUIRE(given_count<S> == 2);
  STATIC_REQUIRE(given_count<Base> == 0);
  STATIC_REQUIRE(HasSupply<S>);
  Random random(4);
  const test::Seen<S> seen(random);
  const auto outputs = test::random_vector<test::Outputs<S>>(random);
  Vector<double, 6> dx, slope = Vector<double, 6>::Zero();
  Vector<double, 4> alone;
  S::field(seen.place(), outputs.data(), dx.data());
  Base::field(outputs.data(), alone.data());
  const Eigen::Map<const Eigen::Matrix<double, 2, 2, Eigen::RowMajor>> G(outputs.data() +
                                                                         output_columns<Base>);
  const Vector<double, 2> pushed = G * seen.x.tail<2>().cwiseQuotient(seen.unit.tail<2>());
  CHECK(dx.head<2>() == alone.head<2>());
  CHECK((dx.segment<2>(2) - alone.tail<2>() - pushed).norm() < 1e-14);
  CHECK(dx.tail<2>().isZero(0));

  // The energy gains what its inputs supply, less what friction takes.
  slope.head<4>() = outputs.head<4>();
  const double supply = S::supply(seen.place(), outputs.data(), slope.data());
  CHECK(supply == Approx(slope.segment<2>(2).dot(pushed)));
  CHECK(slope.dot(dx) - supply == Approx(slope.head<4>().dot(alone)));
}
