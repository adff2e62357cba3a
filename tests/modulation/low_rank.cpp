#include "metriplex/modulation/low_rank.hpp"

#include "support/modulation_suite.hpp"

using namespace metriplex;

TEMPLATE_TEST_CASE("low-rank modulation adds U(z) V(z)ᵀ", "[modulation][low_rank]", LowRank<1>, LowRank<3>) {
  constexpr int rank = TestType::rank;
  test::check_modulation<TestType>([](const test::NamedLayer& l) {
    std::pair<Matrix<double>, Matrix<double>> effective(l.W, l.b + l.s());
    for (Index i = 0; i < l.shape.out; ++i)
      for (Index j = 0; j < l.shape.in; ++j)
        for (Index k = 0; k < rank; ++k) effective.first(i, j) += l.code.at("u")(i, k) * l.code.at("v")(j, k);
    return effective;
  });
  STATIC_REQUIRE(code_size_of<TestType, test::ModulatedNet> == 9 + 4 + rank * ((9 + 3) + (4 + 9) + (1 + 4)));
  STATIC_REQUIRE(basis_size_of<TestType, test::ModulatedNet> == 0);
}

TEST_CASE("low-rank modulation is named by its rank and starts with V away from zero",
          "[modulation][low_rank]") {
  STATIC_REQUIRE(LowRank<1>::name == "ro");
  STATIC_REQUIRE(LowRank<2>::name == "mr");
  // With U and V both zero at z = 0, no gradient would ever leave there.
  for (const Block& block : LowRank<2>::code(test::ModulatedNet::shape(0)))
    CHECK(block.offset == (block.name == "v" ? 0.1 : 0.0));
}
