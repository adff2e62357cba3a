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

/// Multiplies entry by entry: Eigen's product of nothing forms a pointer beyond null.
template <class Scalar>
Matrix<Scalar> product(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  Matrix<Scalar> sum = Matrix<Scalar>::Zero(a.rows(), b.cols());
  for (Index j = 0; j < b.cols(); ++j)
    for (Index k = 0; k < a.cols(); ++k)
      for (Index i = 0; i < a.rows(); ++i) sum(i, j) += a(i, k) * b(k, j);
  return sum;
}

/// Compares `Count` combinations at once, and their pullback, with products.
template <int Count, class Scalar>
void check_combinations(Index n, Index depth) {
  const Index leading = n + 3;  // columns that are part of longer ones
  const Matrix<Scalar> columns = random_matrix<Scalar>(leading, depth, 1),
                       factors = random_matrix<Scalar>(depth, Count, 2),
                       from = random_matrix<Scalar>(n, 1, 3), d = random_matrix<Scalar>(leading, Count, 4);
  const Matrix<Scalar> used = columns.topRows(n);
  Matrix<Scalar> to = d, in_place = from, expected = d;
  expected.topRows(n) = from.replicate(1, Count) + product(used, factors);
  add_combinations<Count>(n, depth, columns.data(), leading, factors.data(), from.data(), to.data(), leading);
  add_combination(n, depth, columns.data(), leading, factors.data(), in_place.data(), in_place.data());
  CHECK(close(to, expected));
  CHECK(close<Scalar>(in_place, expected.topLeftCorner(n, 1)));

  const Matrix<Scalar> d_used = d.topRows(n);
  Matrix<Scalar> d_from = from, d_columns = columns, d_factors = factors;  // it accumulates
  add_combinations_pullback<Count>(n, depth, columns.data(), leading, factors.data(), d.data(), leading,
                                   d_from.data(), d_columns.data(), d_factors.data());
  Matrix<Scalar> expected_columns = columns;
  expected_columns.topRows(n) += product<Scalar>(d_used, factors.transpose());
  CHECK(close<Scalar>(d_from, from + d_used.rowwise().sum()));
  CHECK(close<Scalar>(d_columns, expected_columns));
  CHECK(close<Scalar>(d_factors, factors + product<Scalar>(used.transpose(), d_used)));
}

}  // namespace

TEMPLATE_TEST_CASE("combinations of columns and their pullback are products", "[nn][combination]", double,
                   float) {
  for (const Index n : {0, 1, 2, 3, 7, 17, 31, 33, 64, 100})
    for (const Index depth : {0, 1, 5, 9}) {
      check_combinations<1, TestType>(n, depth);
      check_combinations<2, TestType>(n, depth);
      check_combinations<4, TestType>(n, depth);
    }
}

TEST_CASE("columns are taken four at a time", "[nn][combination]") {
  for (const Index n : {0, 1, 3, 4, 5, 11}) {
    Index next = 0;
    for_each_four(n, [&](Index j, auto count) {
      CHECK(j == next);
      CHECK(count() == (n - j >= 4 ? 4 : 1));
      next += count();
    });
    CHECK(next == n);
  }
}
