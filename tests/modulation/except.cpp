#include "metriplex/modulation/except.hpp"

#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/svd.hpp"
#include "support/modulation_suite.hpp"

using namespace metriplex;

TEST_CASE("excluded layers stay as they are, the others are modulated", "[modulation][except]") {
  test::check_modulation<Except<Svd<2>, 0, 2>>([](const test::NamedLayer& l) {
    std::pair<Matrix<double>, Matrix<double>> effective(l.W, l.b);
    if (l.shape.index != 1) {
      CHECK(l.code.empty());
      CHECK(l.basis.empty());
      return effective;
    }
    for (Index i = 0; i < 4; ++i)
      for (Index j = 0; j < 9; ++j)
        for (Index k = 0; k < 2; ++k)
          effective.first(i, j) +=
              l.basis.at("U")(i, k) * std::max(l.code.at("d")(k), 0.0) * l.basis.at("V")(j, k);
    effective.second += l.s();
    return effective;
  });
}

TEST_CASE("excluded layers need no codes and no bases", "[modulation][except]") {
  using Net = test::ModulatedNet;
  STATIC_REQUIRE(Except<Film, 1>::name == Film::name);
  STATIC_REQUIRE(code_size_of<Except<Film, 1>, Net> == code_size_of<Film, Net> - 2 * 4);
  STATIC_REQUIRE(code_size_of<Except<Film, 0, 1, 2>, Net> == 0);
  STATIC_REQUIRE(code_size_of<Except<Film>, Net> == code_size_of<Film, Net>);
  STATIC_REQUIRE(basis_size_of<Except<Svd<2>, 0>, Net> == basis_size_of<Svd<2>, Net> - 2 * (9 + 3));
}

TEST_CASE("excluded layers pay no penalty", "[modulation][except]") {
  STATIC_REQUIRE(HasRegularizer<Except<Svd<2>, 0>>);
  STATIC_REQUIRE(!HasRegularizer<Except<Film, 0>>);
  const LayerShape shape{4, 3, 1, false};
  const Vector<double> basis = Vector<double>::LinSpaced(14, 0, 1);
  Vector<double> d_basis = 0 * basis, d_inner = 0 * basis;
  CHECK(Except<Svd<2>, 1>::regularizer(shape, basis.data(), 1.0, d_basis.data()) == 0);
  CHECK(d_basis.isZero(0));
  CHECK(Except<Svd<2>, 0>::regularizer(shape, basis.data(), 1.0, d_basis.data()) ==
        Svd<2>::regularizer(shape, basis.data(), 1.0, d_inner.data()));
  CHECK(d_basis == d_inner);
}
