#include "metriplex/core/linear_algebra.hpp"

#include <limits>
#include <vector>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

template <class Scalar>
Matrix<Scalar> random_matrix(Index rows, Index columns, std::uint64_t seed) {
  Random random(seed);
  return Matrix<Scalar>::NullaryExpr(rows, columns, [&] { return static_cast<Scalar>(random.normal()); });
}

}  // namespace

TEMPLATE_TEST_CASE("LU solves systems of any size, whatever their first pivots", "[core][linear_algebra]",
                   double, float) {
  const double tolerance = sizeof(TestType) == 8 ? 1e-11 : 1e-3;
  for (const Index n : {0, 1, 2, 3, 4, 7, 20}) {
    Matrix<TestType> a = random_matrix<TestType>(n, n, 3);
    if (n > 1) a(0, 0) = 0;
    const Vector<TestType> truth = random_matrix<TestType>(n, 1, 4);
    Matrix<TestType> factors = a;
    Vector<TestType> x = a.lazyProduct(truth);
    std::vector<Index> pivots(static_cast<std::size_t>(n));
    REQUIRE(factor_lu(n, factors.data(), pivots.data()));
    solve_lu(n, factors.data(), pivots.data(), x.data());
    CHECK((x - truth).norm() <= tolerance * (1 + truth.norm()));
    x = 2 * a.lazyProduct(truth);  // the same factors serve again
    solve_lu(n, factors.data(), pivots.data(), x.data());
    x /= 2;
    CHECK((x - truth).norm() <= tolerance * (1 + truth.norm()));
  }
}

TEST_CASE("LU tells of a singular matrix and of one with a NaN or Inf", "[core][linear_algebra]") {
  const auto solved = [](Matrix<double, 2, 2> a) {
    Index pivots[2];
    return factor_lu(2, a.data(), pivots);
  };
  CHECK(solved(Matrix<double, 2, 2>{{1, 2}, {3, 4}}));
  CHECK_FALSE(solved(Matrix<double, 2, 2>{{0, 0}, {0, 0}}));
  CHECK_FALSE(solved(Matrix<double, 2, 2>{{1, 2}, {2, 4}}));
  CHECK_FALSE(solved(Matrix<double, 2, 2>{{1, 2}, {std::numeric_limits<double>::quiet_NaN(), 4}}));
  CHECK_FALSE(solved(Matrix<double, 2, 2>{{1, 2}, {std::numeric_limits<double>::infinity(), 4}}));
}

TEMPLATE_TEST_CASE("Cholesky factors and solves, and reads the lower triangle only", "[core][linear_algebra]",
                   double, float) {
  const double tolerance = sizeof(TestType) == 8 ? 1e-12 : 1e-4;
  for (const Index n : {0, 1, 2, 5, 12}) {
    const Matrix<TestType> root = random_matrix<TestType>(n, n + 3, 5);
    const Matrix<TestType> a = root.lazyProduct(root.transpose());
    Matrix<TestType> l = a.template triangularView<Eigen::Lower>();
    REQUIRE(factor_cholesky(n, l.data()));
    CHECK((l.lazyProduct(l.transpose()) - a).norm() <= tolerance * (1 + a.norm()));
    CHECK(Matrix<TestType>(l.template triangularView<Eigen::StrictlyUpper>()).norm() == 0);
    const Vector<TestType> truth = random_matrix<TestType>(n, 1, 6);
    Vector<TestType> x = a.lazyProduct(truth);
    solve_cholesky(n, l.data(), x.data());
    CHECK((x - truth).norm() <= 100 * tolerance * (1 + truth.norm()));
    x = l.transpose().lazyProduct(truth);
    l += random_matrix<TestType>(n, n, 7).template triangularView<Eigen::StrictlyUpper>();  // not read
    solve_transposed(n, l.data(), x.data());
    CHECK((x - truth).norm() <= tolerance * (1 + truth.norm()));
  }
}

TEST_CASE("Cholesky tells of a matrix that is not positive definite", "[core][linear_algebra]") {
  const auto factored = [](Matrix<double, 2, 2> a) { return factor_cholesky(2, a.data()); };
  CHECK(factored(Matrix<double, 2, 2>{{2, 1}, {1, 2}}));
  CHECK_FALSE(factored(Matrix<double, 2, 2>{{1, 1}, {1, 1}}));
  CHECK_FALSE(factored(Matrix<double, 2, 2>{{1, 2}, {2, 1}}));
  CHECK_FALSE(factored(Matrix<double, 2, 2>{{-1, 0}, {0, 1}}));
  CHECK_FALSE(factored(Matrix<double, 2, 2>{{std::numeric_limits<double>::quiet_NaN(), 0}, {0, 1}}));
}

TEMPLATE_TEST_CASE("eigenvalues and eigenvectors of symmetric matrices", "[core][linear_algebra]", float,
                   double) {
  using M = Matrix<TestType>;
  const double rounding = static_cast<double>(std::numeric_limits<TestType>::epsilon());
  for (const Index n : {1, 2, 3, 5, 10}) {
    const M half = M::Random(n, n);
    const M a = half + half.transpose();
    M spoilt = a, vectors(n, n);
    Vector<TestType> values(n);
    symmetric_eigenvalues(n, spoilt.data(), values.data(), vectors.data());
    CHECK(double((a * vectors - vectors * values.asDiagonal()).norm()) <= 50 * rounding * double(a.norm()));
    CHECK(double((vectors.transpose() * vectors - M::Identity(n, n)).norm()) <= 50 * rounding * double(n));
    M again = a;
    Vector<TestType> alone(n);
    symmetric_eigenvalues(n, again.data(), alone.data());
    CHECK(alone == values);
  }
  // Of rank one: all other eigenvalues are zero to the rounding of the largest.
  const Vector<TestType> v = Vector<TestType>::LinSpaced(6, 1, 2);
  M outer = v * v.transpose();
  Vector<TestType> values(6);
  symmetric_eigenvalues<TestType>(6, outer.data(), values.data());
  std::sort(values.begin(), values.end());
  CHECK(std::abs(double(values[5] - v.squaredNorm())) <= 20 * rounding * double(v.squaredNorm()));
  CHECK(double(values.head(5).cwiseAbs().maxCoeff()) <= 20 * rounding * double(v.squaredNorm()));
  M bad = M::Constant(3, 3, std::numeric_limits<TestType>::quiet_NaN());
  symmetric_eigenvalues<TestType>(3, bad.data(), values.data());
  CHECK(std::isnan(values[0]));
}
