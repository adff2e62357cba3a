#include "metriplex/train/defect_whitening.hpp"

#include <Eigen/QR>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("defects cost what the best errors of states and rates leave", "[train][defect_whitening]") {
  // Least squares over all errors n of the states, in units of their deviation, and those of the rates that n leaves.
  constexpr int dim = 3, intervals = 4;
  Random random(4);
  const auto normal = [&] { return random.normal(); };
  const Vector<double, dim> noise{{0.1, 0.02, 3}}, tolerance{{0.5, 0.05, 20}};
  const Vector<double> lengths =
      Vector<double>::NullaryExpr(intervals, [&] { return random.uniform(0.1, 1); });
  const Matrix<double> transitions = Matrix<double>::NullaryExpr(dim * dim, intervals, normal);
  Matrix<double> d = Matrix<double>::NullaryExpr(dim, intervals, normal);
  const Matrix<double> before = d;

  constexpr int states = dim * (intervals + 1), rows = states + dim * intervals;
  Matrix<double> a = Matrix<double>::Zero(rows, states);
  Vector<double> b = Vector<double>::Zero(rows);
  for (int i = 0; i < states; ++i) a(i, i) = 1;
  for (int k = 0; k < intervals; ++k)
    for (int i = 0; i < dim; ++i) {
      const double unit = tolerance[i] * lengths[k];
      const int row = states + k * dim + i;
      b[row] = d(i, k) / unit;
      a(row, (k + 1) * dim + i) = -noise[i] / unit;
      for (int j = 0; j < dim; ++j) a(row, k * dim + j) = transitions(i + j * dim, k) * noise[j] / unit;
    }
  const double least = (b - a * a.householderQr().solve(b)).squaredNorm();

  DefectWhitening<dim> whitening;
  whitening.start(noise, tolerance);
  DefectWhitening<dim>::Work work;
  const auto cost = [&](Matrix<double> of) {
    return whitening(work, intervals, lengths.data(), transitions.data(), of.data());
  };
  CHECK(whitening(work, intervals, lengths.data(), transitions.data(), d.data()) ==
        Approx(least).epsilon(1e-11));
  CHECK(d.cwiseProduct(before).sum() == Approx(least).epsilon(1e-11));
  for (Index i = 0; i < d.size(); ++i) {  // a square: its slope is exactly this difference
    Matrix<double> right = before, left = before;
    right.data()[i] += 1, left.data()[i] -= 1;
    CHECK(4 * d.data()[i] == Approx(cost(right) - cost(left)).epsilon(1e-9).margin(1e-9 * least));
  }
}
