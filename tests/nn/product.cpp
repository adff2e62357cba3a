#include "metriplex/nn/product.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// In scalars: columns of A and C lie `a` and `c` apart; element (k, n) of B lies at k·b_row + n·b_column.
struct Strides {
  int a, b_row, b_column, c;
};

/// Small integers: their sums of products are exact, so that results must be equal, not near.
int digit() {
  static unsigned state = 1;
  state = state * 1664525u + 1013904223u;
  return static_cast<int>(state >> 24) % 10 - 4;
}

template <class Scalar>
std::vector<Scalar> digits(int size) {
  std::vector<Scalar> data(static_cast<std::size_t>(size));
  for (Scalar& value : data) value = static_cast<Scalar>(digit());
  return data;
}

/// Says what a product leaves in C's memory, gaps included, by Eigen and with sizes known at run time only.
template <class Scalar>
std::vector<Scalar> by_eigen(int rows, int columns, int depth, Start start, const Strides& strides,
                             const Scalar* a, const Scalar* b, std::vector<Scalar> c, const Scalar* bias) {
  using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  using Map = Eigen::Map<const Matrix<Scalar>, 0, Stride>;
  const Matrix<Scalar> product =
      Map(a, rows, depth, Stride(strides.a, 1))
          .lazyProduct(Map(b, depth, columns, Stride(strides.b_column, strides.b_row)));
  for (int n = 0; n < columns; ++n)
    for (int m = 0; m < rows; ++m) {
      Scalar& element = c[static_cast<std::size_t>(1 + m + n * strides.c)];
      element = product(m, n) + (start == Start::zero ? 0 : start == Start::bias ? bias[n] : element);
    }
  return c;
}

/// Checks a product whose operands lie unaligned, with gaps between columns that must survive.
template <class Scalar, int packs, int columns, Start start, bool transposed>
void check_product(int depth) {
  constexpr int rows = packs * lanes<Scalar>, longest = 128;
  constexpr Strides strides{rows + 3, transposed ? columns + 1 : 1, transposed ? 1 : longest + 1, rows + 5};
  const auto a = digits<Scalar>(1 + strides.a * longest),
             b = digits<Scalar>(1 + (columns + 1) * (longest + 1)), bias = digits<Scalar>(1 + columns);
  auto c = digits<Scalar>(1 + strides.c * columns);
  const auto expected =
      by_eigen(rows, columns, depth, start, strides, a.data() + 1, b.data() + 1, c, bias.data() + 1);
  multiply<rows, columns, strides.a, strides.b_row, strides.b_column, strides.c, start>(
      depth, a.data() + 1, b.data() + 1, c.data() + 1,
      start == Start::zero   ? nullptr
      : start == Start::bias ? bias.data() + 1
                             : c.data() + 1);
  INFO("depth " << depth << (transposed ? ", B transposed" : "") << ", start " << int(start));
  CHECK(c == expected);
}

/// Checks C = A B with B transposed, and C = A B + bias or C += A B, for every depth.
template <class Scalar, int packs, int columns>
void check_products() {
  INFO(packs << " packs of " << lanes<Scalar> << " rows, " << columns << " columns");
  for (const int depth : {0, 1, 2, 3, 7, 17, 31, 33, 64, 100, 128}) {
    check_product<Scalar, packs, columns, Start::zero, true>(depth);
    check_product<Scalar, packs, columns, columns % 3 == 1 ? Start::bias : Start::matrix, false>(depth);
  }
}

}  // namespace

// Blocks are 2 or 4 packs by 6 columns, 8 packs for one column alone: the sizes meet each remainder.
TEMPLATE_TEST_CASE("products of any size, start and stride equal Eigen's", "[nn][product]", float, double) {
  check_products<TestType, 1, 1>();
  check_products<TestType, 11, 1>();
  check_products<TestType, 3, 2>();
  check_products<TestType, 2, 3>();
  check_products<TestType, 5, 7>();
  check_products<TestType, 1, 17>();
  check_products<TestType, 6, 31>();
  check_products<TestType, 7, 33>();
  check_products<TestType, 4, 64>();
  check_products<TestType, 2, 100>();
  check_products<TestType, 1, 128>();
}

TEST_CASE("a product starts from another matrix than it writes, or from none", "[nn][product]") {
  constexpr int rows = 3 * lanes<double>, columns = 8;
  const auto a = digits<double>(rows * 5), b = digits<double>(5 * columns),
             from = digits<double>(rows * columns);
  const Matrix<double> expected = Eigen::Map<const Matrix<double>>(a.data(), rows, 5)
                                      .lazyProduct(Eigen::Map<const Matrix<double>>(b.data(), 5, columns));
  Matrix<double> c = Matrix<double>::Constant(rows, columns, 0.5);
  multiply<rows, columns, rows, 1, 5, rows, Start::matrix>(5, a.data(), b.data(), c.data(), from.data());
  CHECK(c == expected + Eigen::Map<const Matrix<double>>(from.data(), rows, columns));
  multiply<rows, columns, rows, 1, 5, rows, Start::matrix>(5, a.data(), b.data(), c.data());
  CHECK(c == expected);
}

TEST_CASE("a product hands its columns over in order, once, when they are there", "[nn][product]") {
  constexpr int rows = 2 * lanes<double>, columns = 17;
  const auto a = digits<double>(rows * 3), b = digits<double>(3 * columns);
  const Matrix<double> expected = Eigen::Map<const Matrix<double>>(a.data(), rows, 3)
                                      .lazyProduct(Eigen::Map<const Matrix<double>>(b.data(), 3, columns));
  Matrix<double> c = Matrix<double>::Constant(rows, columns, 0.5);
  int next = 0;
  multiply<rows, columns, rows, 1, 3, rows, Start::zero>(3, a.data(), b.data(), c.data(), nullptr,
                                                         [&](int from, int to) {
                                                           CHECK(from == next);
                                                           CHECK(c.leftCols(to) == expected.leftCols(to));
                                                           next = to;
                                                         });
  CHECK(next == columns);
}
