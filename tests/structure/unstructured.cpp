#include "metriplex/structure/unstructured.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("an unstructured field is what its network says", "[structure][unstructured]") {
  test::check_structure<Unstructured<3>>(false);
  const Vector<double, 3> rate(1, 2, 3);
  Vector<double, 3> dx;
  Unstructured<3>::field(rate.data(), dx.data());
  CHECK(dx == rate);

  test::check_structure<Unstructured<2, 1>>(false);
  Unstructured<2, 1>::field(rate.data(), dx.data());
  CHECK(dx == Vector<double, 3>(1, 2, 0));
}
