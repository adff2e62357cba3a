#include "metriplex/core/arrays.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("finiteness looks at every number", "[core][arrays]") {
  Matrix<double> m = Matrix<double>::Ones(3, 4);
  CHECK(all_finite(m));
  CHECK(all_finite(Vector<float>()));
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()})
    for (const Index at : {0, 5, 11}) {
      m.data()[at] = bad;
      CHECK_FALSE(all_finite(m));
      CHECK_FALSE(all_finite(m.data(), 12));
      m.data()[at] = 1;
    }
}

TEST_CASE("squares are summed in double", "[core][arrays]") {
  CHECK(squared_norm(Vector<double>{{3, -4}}) == 25);
  CHECK(squared_norm(Matrix<double>()) == 0);
  CHECK(squared_norm(Vector<float>(Vector<float>::Constant(2, 3e38f))) == Approx(1.8e77));
}

TEST_CASE("a cross product is added", "[core][arrays]") {
  const double a[] = {1, 2, 3}, b[] = {0.5, -1, 2};
  double to[] = {10, 20, 30};
  add_cross(a, b, to);
  CHECK((to[0] == 17 && to[1] == 19.5 && to[2] == 28));
}

TEST_CASE("a pair is seen from a plane that turns", "[core][arrays]") {
  double x = 3, y = 4;
  rotate_pair(0.5, x, y);
  CHECK(x == Approx(3 * std::cos(0.5) + 4 * std::sin(0.5)));
  CHECK(y == Approx(4 * std::cos(0.5) - 3 * std::sin(0.5)));
}

TEST_CASE("columns of a matrix lie one after the other, also of an empty one", "[core][arrays]") {
  Matrix<double> m = Matrix<double>::Zero(2, 3);
  *column(m, 2) = 5;
  CHECK(m(0, 2) == 5);
  const Matrix<double>& same = m;
  CHECK(column(same, 1) == &m(0, 1));
  Matrix<double> none(0, 3);
  CHECK(column(none, 2) == none.data());
}

TEST_CASE("values are ordered by falling size, equal ones as they stand", "[core][arrays]") {
  const double values[] = {1, 3, 2, 3, -4};
  std::vector<Index> order(5);
  order_falling(values, order);
  CHECK(order == std::vector<Index>{1, 3, 2, 0, 4});
  order.clear();
  order_falling(nullptr, order);
  CHECK(order.empty());
}
