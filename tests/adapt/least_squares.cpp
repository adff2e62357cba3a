#include "metriplex/adapt/least_squares.hpp"

#include <Eigen/LU>

#include "metriplex/core/random.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Minimises without a prior that could be felt: errors count in units of a tiny deviation.
template <class Errors>
LevenbergMarquardt<> solve(Vector<double>& u, Errors errors, const LevenbergMarquardtOptions& options) {
  LevenbergMarquardt<> search(options);
  CHECK(search.search(u, [&](const Vector<double>& at, LeastSquares<>& sums) {
    sums.start(at);
    errors(at, [&](double error, Vector<double> row) {
      row *= 1e6;
      sums.add(1e6 * error, row.data(), 0);
    });
  }));
  return search;
}

}  // namespace

TEST_CASE("Levenberg and Marquardt's method solves the textbook's problems", "[adapt][least_squares]") {
  SECTION("Rosenbrock's valley") {
    Vector<double> u{{-1.2, 1.0}};
    const auto search = solve(u,
                              [](const Vector<double>& x, auto add) {
                                add(10 * (x[1] - x[0] * x[0]), Vector<double>{{-20 * x[0], 10}});
                                add(1 - x[0], Vector<double>{{-1, 0}});
                              },
                              {});
    CHECK((u - Vector<double>{{1, 1}}).norm() < 1e-6);
    CHECK(search.iterations() < 40);
  }
  SECTION("Powell's singular function, from (3, -1, 0, 1)") {
    Vector<double> u{{3, -1, 0, 1}};
    const auto search = solve(u,
                              [](const Vector<double>& x, auto add) {
                                const double r5 = std::sqrt(5.0), r10 = std::sqrt(10.0), a = x[1] - 2 * x[2],
                                             b = x[0] - x[3];
                                add(x[0] + 10 * x[1], Vector<double>{{1, 10, 0, 0}});
                                add(r5 * (x[2] - x[3]), Vector<double>{{0, 0, r5, -r5}});
                                add(a * a, Vector<double>{{0, 2 * a, -4 * a, 0}});
                                add(r10 * b * b, Vector<double>{{2 * r10 * b, 0, 0, -2 * r10 * b}});
                              },
                              {.iterations = 100});
    CHECK(u.norm() < 2e-2);  // quartic: the valley's floor is flat
  }
}

TEST_CASE("a linear problem is solved at once, with its covariance", "[adapt][least_squares]") {
  Random random(3);
  const Matrix<double> J = Matrix<double>::NullaryExpr(12, 3, [&] { return random.normal(); });
  const Vector<double> y = Vector<double>::NullaryExpr(12, [&] { return random.normal(); });
  LevenbergMarquardt<> search;
  Vector<double> u = Vector<double>::Zero(3);
  const auto evaluate = [&](const Vector<double>& at, LeastSquares<>& sums) {
    sums.start(at, 2, 0.01);  // a weak prior of the third
    for (Index i = 0; i < 12; ++i) {
      const Vector<double> row = J.row(i);
      sums.add(row.dot(at) - y[i], row.data(), 0);
    }
  };
  CHECK(search.search(u, evaluate));
  const Matrix<double> prior = Vector<double>{{1, 1, 0.01}}.asDiagonal();
  const Matrix<double> normal = J.transpose() * J + prior;
  CHECK((u - normal.inverse() * J.transpose() * y).norm() < 1e-3);  // in deviations
  Matrix<double> covariance(2, 2);
  search.covariance(covariance);
  CHECK((covariance - normal.inverse().topLeftCorner(2, 2)).norm() < 1e-12);
  CHECK(search.best().objective == Approx((J * u - y).squaredNorm() + u.dot(prior * u)));

  u.setZero();
  const AllocationCounter counter;
  const bool converged = search.search(u, [&](const Vector<double>& at, LeastSquares<>& sums) {
    sums.start(at);
    const double row[] = {1, 2, 3};
    sums.add(row[0] * at[0] + row[1] * at[1] + row[2] * at[2] - 1, row, 0);
  });
  CHECK(counter.count() == 0);
  CHECK(converged);
}

TEST_CASE("Huber's function counts outliers linearly, with a slope to match", "[adapt][least_squares]") {
  const double row[] = {2.0};
  for (const double error : {0.5, 1.5, -4.0}) {
    LeastSquares<> sums;
    const auto objective = [&](double e) {
      sums.start(Vector<double>::Zero(1));
      sums.add(e, row, 1.5);
      return sums.objective;
    };
    const double h = 1e-6, difference = (objective(error + 2 * h) - objective(error - 2 * h)) / (2 * h);
    objective(error);
    CHECK(2 * sums.slope[0] == Approx(difference));
    CHECK(sums.objective ==
          Approx(std::abs(error) <= 1.5 ? error * error : 1.5 * (2 * std::abs(error) - 1.5)));
  }
}

TEST_CASE("steps to where nothing is finite are taken back, and a start there ends",
          "[adapt][least_squares]") {
  LevenbergMarquardt<> search;
  const auto evaluate = [](const Vector<double>& u, LeastSquares<>& sums) {
    sums.start(u);
    const double row[] = {100 / u[0]};
    sums.add(100 * std::log(u[0]), row, 0);  // NaN for u < 0, where a full step from 10 leads
  };
  Vector<double> u{{10.0}};
  CHECK(search.search(u, evaluate));
  CHECK(u[0] == Approx(1).margin(1e-3));
  u[0] = -1;
  CHECK_FALSE(search.search(u, evaluate));
}
