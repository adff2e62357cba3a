#include "metriplex/modulation/full_weight.hpp"

#include "support/modulation_suite.hpp"

using namespace metriplex;

TEST_CASE("full-weight modulation adds a whole matrix", "[modulation][full_weight]") {
  test::check_modulation<FullWeight>([](const test::NamedLayer& l) {
    return std::pair<Matrix<double>, Matrix<double>>(l.W + l.code.at("w"), l.b + l.s());
  });
  STATIC_REQUIRE(code_size_of<FullWeight, test::ModulatedNet> == 9 * 3 + 9 + 4 * 9 + 4 + 4);
  STATIC_REQUIRE(basis_size_of<FullWeight, test::ModulatedNet> == 0);
}

TEST_CASE("full-weight codes start smaller than those of fewer numbers", "[modulation][full_weight]") {
  for (const Block& block : FullWeight::code(test::ModulatedNet::shape(1))) {
    CHECK(block.slope == 0.02);
    CHECK(block.offset == 0);
  }
}
