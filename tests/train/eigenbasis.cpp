#include "metriplex/train/eigenbasis.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include "metriplex/core/random.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

Matrix<double> random_matrix(Index rows, Index columns, Random& random) {
  Matrix<double> m(rows, columns);
  for (double& value : m.reshaped()) value = random.normal();
  return m;
}

void add(Eigenbasis& basis, const Matrix<double>& x, double beta) {
  const Matrix<double> transposed = x.transpose();
  basis.add(x.cols(), x.data(), transposed.data(), beta);
}

double breach_of_orthonormality(const Matrix<double>& q) {
  return (q.transpose() * q - Matrix<double>::Identity(q.rows(), q.rows())).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a product of any shape is Eigen's", "[train][eigenbasis]") {
  Random random(1);
  for (const Index rows : {1, 5, 16, 65})
    for (const Index depth : {1, 3, 64})
      for (const Index columns : {1, 4, 7}) {
        const Matrix<double> a = random_matrix(rows, depth, random),
                             b = random_matrix(depth, columns, random);
        Matrix<double> c(rows, columns);
        multiply(rows, depth, columns, a.data(), b.data(), c.data());
        CHECK((c - a * b).cwiseAbs().maxCoeff() < 1e-13);
      }
}

TEST_CASE("an eigenbasis tends to the eigenvectors of the mean, largest first", "[train][eigenbasis]") {
  constexpr Index n = 12;
  Random random(2);
  const Matrix<double> turn = random_matrix(n, n, random).householderQr().householderQ();
  // X Xᵀ has eigenvalues 4^-k in a basis that is no coordinate's.
  Matrix<double> x = turn;
  for (Index k = 0; k < n; ++k) x.col(k) *= std::pow(2.0, -double(k));
  Eigenbasis basis(n);
  add(basis, x, 0.5);
  CHECK((basis.mean() - 0.5 * x * x.transpose()).cwiseAbs().maxCoeff() < 1e-15);
  for (int i = 0; i < 60; ++i) basis.renew();
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> truth(basis.mean());
  for (Index k = 0; k < n; ++k)  // each up to its sign
    CHECK(std::abs(basis.vectors().col(k).dot(truth.eigenvectors().col(n - 1 - k))) ==
          Approx(1).epsilon(1e-9));
  CHECK(breach_of_orthonormality(basis.vectors()) < 1e-14);

  // The mean moves: vectors that belong to eigenvalues which cross are handed over, and `order` tells.
  for (Index k = 0; k < n; ++k) x.col(k) = turn.col(k) * std::pow(2.0, double(k) - double(n));
  basis.reset();
  CHECK(basis.vectors() == Matrix<double>::Identity(n, n));
  CHECK(basis.mean() == Matrix<double>::Zero(n, n));
}

TEST_CASE("vectors change places with their eigenvalues", "[train][eigenbasis]") {
  Eigenbasis basis(3);
  add(basis, Vector<double>{{1, 2, 3}}.asDiagonal(), 0);
  basis.renew();
  CHECK(basis.order() == std::vector<Index>{2, 1, 0});
  CHECK(basis.vectors().cwiseAbs() == Matrix<double>{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}});
  CHECK(basis.old() == Matrix<double>::Identity(3, 3));
  add(basis, Vector<double>{{9, 2, 3}}.asDiagonal(), 0);
  basis.renew();
  CHECK(basis.order() == std::vector<Index>{2, 0, 1});
  CHECK(basis.vectors().cwiseAbs() == Matrix<double>{{1, 0, 0}, {0, 0, 1}, {0, 1, 0}});
}

TEST_CASE("an eigenbasis stays orthonormal through a thousand renewals of any rank", "[train][eigenbasis]") {
  constexpr Index n = 33;
  for (const Index rank : {0, 1, 2, 40}) {
    Random random(3);
    Eigenbasis basis(n);
    double worst = 0;
    for (int i = 0; i < 1000; ++i) {
      if (rank == 0)
        add(basis, Matrix<double>::Zero(n, 1), 0.9);
      else
        add(basis, (i % 7 == 0 ? 1e-8 : 1e4) * random_matrix(n, rank, random), 0.9);
      basis.renew();
      worst = std::max(worst, breach_of_orthonormality(basis.vectors()));
    }
    INFO("rank " << rank);
    CHECK(worst < 1e-13);
    if (rank == 0) CHECK(basis.vectors() == Matrix<double>::Identity(n, n));
  }
  // Always the same gradient: all but one eigenvalue are 0 for good.
  Eigenbasis basis(n);
  Random random(4);
  const Matrix<double> g = random_matrix(n, 1, random);
  for (int i = 0; i < 1000; ++i) {
    add(basis, g, 0.95);
    basis.renew();
  }
  CHECK(breach_of_orthonormality(basis.vectors()) < 1e-13);
  CHECK(std::abs(basis.vectors().col(0).dot(g.col(0).normalized())) == Approx(1).epsilon(1e-12));
}

TEST_CASE("an eigenbasis keeps its vectors while the mean is not finite, and allocates nothing",
          "[train][eigenbasis]") {
  Eigenbasis basis(4), none(0);
  const Matrix<double> x = Matrix<double>::Ones(4, 2), transposed = x.transpose();
  basis.add(2, x.data(), transposed.data(), 0.9);
  basis.renew();
  const Matrix<double> before = basis.vectors(), infinite = x / 0.0,
                       transposed_infinite = infinite.transpose();
  const AllocationCounter counter;
  basis.add(2, x.data(), transposed.data(), 0.9);
  basis.renew();
  none.add(2, nullptr, nullptr, 0.9);
  none.renew();
  CHECK(counter.count() == 0);
  const Matrix<double> kept = basis.vectors();
  basis.add(2, infinite.data(), transposed_infinite.data(), 0.9);
  basis.renew();
  CHECK(basis.vectors() == kept);
  CHECK(breach_of_orthonormality(before) < 1e-14);
}
