#include "metriplex/structure/with_given.hpp"

#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a structure beside what is given pulls back what it does", "[structure][with_given]") {
  test::check_structure<WithTime<Hamiltonian<2>>>();
  test::check_structure<WithInputs<Mechanical<2, true>, 2>>(false);
}

TEST_CASE("a structure moves beside what is given as without, time passes and inputs are held",
          "[structure][with_given]") {
  using S = WithTime<Hamiltonian<2>>;
  STATIC_REQUIRE(S::name == "timed_hamiltonian");
  STATIC_REQUIRE(given_count<S> == 1);
  STATIC_REQUIRE(given_count<WithInputs<S, 2>> == 3);
  STATIC_REQUIRE(!HasSupply<WithTime<Unstructured<2>>>);
  const Vector<double, 5> x(1, 2, 3, 4, 5), unit(1, 1, 1, 1, 1);
  const Vector<double, 2> outputs(2, 3);
  Vector<double, 5> dx;
  WithInputs<S, 2>::field(Place<double>{x.data(), unit.data()}, outputs.data(), dx.data());
  CHECK(dx == Vector<double, 5>(3, -2, 1, 0, 0));
}
