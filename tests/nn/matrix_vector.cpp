#include "metriplex/nn/matrix_vector.hpp"

#include <numeric>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Small integers: their sums of products are exact, so that results must be equal, not near.
template <class Scalar>
std::vector<Scalar> digits(int size) {
  std::vector<Scalar> data(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<Scalar>((7 * i + i / 5) % 11) - 5;
  return data;
}

/// Checks y = W x, y = W x + bias and y = Wᵀ d against Eigen, with operands that lie unaligned and neighbours that
/// must survive.
template <class Scalar, int packs, int columns, int extra = 0>
void check_products() {
  constexpr int rows = packs * lanes<Scalar>,
                padded = round_up(columns, lanes<Scalar>) + extra * lanes<Scalar>;
  INFO(rows << " rows, " << columns << " columns, " << padded << " padded");
  const auto weights = digits<Scalar>(rows * columns + 1), x = digits<Scalar>(std::max(rows, columns) + 1),
             bias = digits<Scalar>(rows + 1);
  const Eigen::Map<const Matrix<Scalar>> w(weights.data() + 1, rows, columns);
  const Eigen::Map<const Vector<Scalar>> by_columns(x.data() + 1, columns), by_rows(x.data() + 1, rows),
      b(bias.data() + 1, rows);

  Vector<Scalar> y = Vector<Scalar>::Constant(rows + 2, Scalar(-7)), expected = y;
  multiply_vector<rows, columns, Start::zero>(weights.data() + 1, x.data() + 1, y.data() + 1,
                                              bias.data() + 1);
  expected.segment(1, rows) = w.lazyProduct(by_columns);
  CHECK(y == expected);
  multiply_vector<rows, columns, Start::bias>(weights.data() + 1, x.data() + 1, y.data() + 1,
                                              bias.data() + 1);
  expected.segment(1, rows) += b;
  CHECK(y == expected);

  y.setConstant(padded + 2, Scalar(-7));
  expected = y;
  multiply_vector_transposed<rows, columns, padded>(weights.data() + 1, x.data() + 1, y.data() + 1);
  expected.segment(1, padded).setZero();
  expected.segment(1, columns) = w.transpose().lazyProduct(by_rows);
  CHECK(y == expected);
}

}  // namespace

TEMPLATE_TEST_CASE("a matrix and its transpose times a vector equal Eigen's, and padding is zero",
                   "[nn][matrix_vector]", float, double) {
  check_products<TestType, 1, 1>();
  check_products<TestType, 2, 3, 1>();
  check_products<TestType, 3, lanes<TestType>>();
  check_products<TestType, 1, 7, 2>();
  check_products<TestType, 4, 17>();
  check_products<TestType, 2, 33, 1>();
  check_products<TestType, 8, 31>();
  check_products<TestType, 11, 64>();
  check_products<TestType, 19, 100>();
  check_products<TestType, 2, 128>();
}
