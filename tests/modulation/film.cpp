#include "metriplex/modulation/film.hpp"

#include "support/modulation_suite.hpp"

using namespace metriplex;

TEST_CASE("film modulation scales what a unit receives by 1 + g(z) and shifts it", "[modulation][film]") {
  test::check_modulation<Film>([](const test::NamedLayer& l) {
    std::pair<Matrix<double>, Matrix<double>> effective(l.W, l.b + l.s());
    for (Index i = 0; i < l.W.rows(); ++i) {
      const double gain = 1 + l.code.at("g")(i);
      effective.first.row(i) *= gain;
      effective.second(i) = gain * l.b(i) + l.s()(i);
    }
    return effective;
  });
  STATIC_REQUIRE(code_size_of<Film, test::ModulatedNet> == 2 * 9 + 2 * 4 + 1);
  STATIC_REQUIRE(basis_size_of<Film, test::ModulatedNet> == 0);
}

TEST_CASE("a film code of zero changes nothing", "[modulation][film]") {
  auto parts = test::ModulationParts<Film, double>::random(5);
  parts.code.setZero();
  CHECK(parts.apply() == parts.base);
}
