#include "metriplex/nn/combination.hpp"

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

template <class Scalar>
Matrix<Scalar> random_matrix(Index rows, Index columns, std::uint64_t seed) {
  Random random(seed);
  return Matrix<Scalar>::NullaryExpr(rows, columns, [&] { return static_cast<Scalar>(random.normal()); });
}

template <class Scalar>
bool close(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  return a.size() == 0 || (a - b).cwiseAbs().maxCoeff() < (sizeof(Scalar) == 8 ? 1e-12 : 1e-4);
}

/// Compares combination and pullback, of a number of columns known to the compiler and not, with products.
template <int Count, class Scalar>
void check_combination(Index n) {
  const Matrix<Scalar> columns = random_matrix<Scalar>(n, Count, 1),
                       factors = random_matrix<Scalar>(Count, 1, 2), from = random_matrix<Scalar>(n, 1, 3),
                       d = random_matrix<Scalar>(n, 1, 4);
  const Matrix<Scalar> expected = from + columns.lazyProduct(factors);
  Matrix<Scalar> to(n, 1), also(n, 1), in_place = from;
  add_combination<Count>(n, columns.data(), n, factors.data(), from.data(), to.data());
  add_combination<Count>(n, columns.data(), n, factors.data(), in_place.data(), in_place.data());
  add_combination(n, Count, columns.data(), n, factors.data(), from.data(), also.data());
  CHECK(close(to, expected));
  CHECK(close(in_place, expected));
  CHECK(close(also, expected));

  for (const bool known : {true, false}) {
    Matrix<Scalar> d_from = from, d_columns = columns, d_factors = factors;  // it accumulates
    if (known)
      add_combination_pullback<Count>(n, columns.data(), n, factors.data(), d.data(), d_from.data(),
                                      d_columns.data(), d_factors.data());
    else
      add_combination_pullback(n, Count, columns.data(), n, factors.data(), d.data(), d_from.data(),
                               d_columns.data(), d_factors.data());
    CHECK(close<Scalar>(d_from, from + d));
    CHECK(close<Scalar>(d_columns, columns + d.lazyProduct(factors.transpose())));
    CHECK(close<Scalar>(d_factors, factors + columns.transpose().lazyProduct(d)));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a combination of columns and its pullback are products", "[nn][combination]", double,
                   float) {
  for (const Index n : {0, 1, 2, 3, 7, 17, 31, 33, 64, 100}) {
    check_combination<1, TestType>(n);
    check_combination<4, TestType>(n);
    check_combination<5, TestType>(n);
    check_combination<9, TestType>(n);
    check_combination<17, TestType>(n);
  }
  Vector<TestType> from = Vector<TestType>::Ones(5), to = 0 * from;
  add_combination<TestType>(5, 0, nullptr, 5, nullptr, from.data(), to.data());
  CHECK(to == from);
}
