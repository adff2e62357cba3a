#include "metriplex/modulation/shift.hpp"

#include "support/modulation_suite.hpp"

using namespace metriplex;

TEST_CASE("shift modulation adds s(z) to the biases", "[modulation][shift]") {
  test::check_modulation<Shift>(
      [](const test::NamedLayer& l) { return std::pair<Matrix<double>, Matrix<double>>(l.W, l.b + l.s()); });
  STATIC_REQUIRE(code_size_of<Shift, test::ModulatedNet> == 9 + 4);
  STATIC_REQUIRE(basis_size_of<Shift, test::ModulatedNet> == 0);
}

TEST_CASE("shift codes start as small linear functions of the latent", "[modulation][shift]") {
  const Blocks code = Shift::code(test::ModulatedNet::shape(0));
  REQUIRE(code.count == 1);
  CHECK(code.begin()->slope == 0.1);
  CHECK(code.begin()->offset == 0);
}
