#include "metriplex/core/types.hpp"

#include "support/catch.hpp"

using namespace metriplex;

static_assert(RealScalar<float> && RealScalar<double>);
static_assert(!RealScalar<int> && !RealScalar<long double> && !RealScalar<const double>);

static_assert(Vector<double, 3>::RowsAtCompileTime == 3 && Vector<double, 3>::ColsAtCompileTime == 1);
static_assert(Vector<float>::RowsAtCompileTime == Eigen::Dynamic);
static_assert(Matrix<double>::RowsAtCompileTime == Eigen::Dynamic &&
              Matrix<double>::ColsAtCompileTime == Eigen::Dynamic);

TEST_CASE("the points of a set lie one after the other in memory", "[core][types]") {
  Matrix<double, 2> points(2, 3);
  points << 1, 2, 3, 4, 5, 6;
  const double* expected = points.data() + 2;
  CHECK(points.col(1).data() == expected);
  CHECK((expected[0] == 2 && expected[1] == 5));
}
