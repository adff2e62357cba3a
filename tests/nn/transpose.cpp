#include "metriplex/nn/transpose.hpp"

#include <numeric>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Counts up from 1, so that every element is known by its place and sums are exact.
template <class Scalar>
std::vector<Scalar> counted(int size) {
  std::vector<Scalar> data(static_cast<std::size_t>(size));
  std::iota(data.begin(), data.end(), Scalar(1));
  return data;
}

/// Multiplies Wᵀ d with sizes known at run time only, and pads with zeros.
template <class Scalar>
std::vector<Scalar> transposed_product(int rows, int columns, int padded, const Scalar* weights,
                                       const Scalar* d) {
  std::vector<Scalar> y(static_cast<std::size_t>(padded));
  for (int j = 0; j < columns; ++j)
    y[std::size_t(j)] = std::inner_product(d, d + rows, weights + j * rows, Scalar(0));
  return y;
}

template <class Scalar, int points, int features>
void check_tile() {
  INFO(points << " points of " << features << " features");
  constexpr int rows = round_up(features, lanes<Scalar>), stride = rows + 3;
  const auto from = counted<Scalar>(points * features + 1);
  std::vector<Scalar> to(std::size_t(points * stride) + 1, Scalar(-7)), expected = to;
  for (int p = 0; p < points; ++p)
    for (int f = 0; f < rows; ++f)
      expected[std::size_t(1 + p * stride + f)] =
          f < features ? from[std::size_t(1 + f * points + p)] : Scalar(0);
  transpose_tile<points, features, stride>(from.data() + 1, to.data() + 1);
  CHECK(to == expected);
}

template <class Scalar, int packs, int columns, int extra>
void check_transposed_product() {
  constexpr int rows = packs * lanes<Scalar>,
                padded = round_up(columns, lanes<Scalar>) + extra * lanes<Scalar>;
  INFO(rows << " rows, " << columns << " columns, " << padded << " padded");
  auto weights = counted<Scalar>(rows * columns + 1);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<Scalar>(i * i % 11) - 5;
  const auto d = counted<Scalar>(rows + 1);
  std::vector<Scalar> y(std::size_t(padded) + 2, Scalar(-7));
  multiply_transposed<rows, columns, padded>(weights.data() + 1, d.data() + 1, y.data() + 1);
  CHECK(std::vector<Scalar>(y.begin() + 1, y.end() - 1) ==
        transposed_product(rows, columns, padded, weights.data() + 1, d.data() + 1));
  CHECK((y.front() == -7 && y.back() == -7));
}

}  // namespace

TEMPLATE_TEST_CASE("an exchange swaps the lanes off the diagonal of a block", "[nn][transpose]", float,
                   double) {
  Pack<TestType> a{}, b{};
  for (int k = 0; k < lanes<TestType>; ++k) a[k] = TestType(k), b[k] = TestType(100 + k);
  exchange<2, TestType>(a, b);
  if constexpr (lanes < TestType >> 2) {
    for (int k = 0; k < lanes<TestType>; ++k) {
      CHECK(a[k] == TestType(k & 2 ? 100 + k - 2 : k));
      CHECK(b[k] == TestType(k & 2 ? 100 + k : k + 2));
    }
  }
}

TEMPLATE_TEST_CASE("packs are transposed, and their lanes summed, in registers", "[nn][transpose]", float,
                   double) {
  constexpr int width = lanes<TestType>;
  Pack<TestType> packs[width], same[width];
  for (int i = 0; i < width; ++i)
    for (int k = 0; k < width; ++k) packs[i][k] = same[i][k] = TestType(100 * i + k);
  transpose_packs<TestType>(packs);
  for (int i = 0; i < width; ++i)
    for (int k = 0; k < width; ++k) CHECK(packs[i][k] == TestType(100 * k + i));

  const int ramp = width * (width - 1) / 2;
  for (int i = 0; i < width; ++i) CHECK(sum<TestType>(same[i]) == TestType(100 * i * width + ramp));
  const Pack<TestType> sums = sum_lanes<TestType>(same);
  for (int i = 0; i < width; ++i) CHECK(sums[i] == TestType(100 * i * width + ramp));
}

TEMPLATE_TEST_CASE("a tile is transposed into padded columns and writes nothing beside them",
                   "[nn][transpose]", float, double) {
  constexpr int width = lanes<TestType>;
  check_tile<TestType, width, 1>();
  check_tile<TestType, width, width>();
  check_tile<TestType, 3 * width, 3>();
  check_tile<TestType, 2 * width, 9>();
  check_tile<TestType, width, 17>();
}

TEMPLATE_TEST_CASE("a transposed matrix times a vector equals Eigen's, and its padding is zero",
                   "[nn][transpose]", float, double) {
  check_transposed_product<TestType, 1, 1, 0>();
  check_transposed_product<TestType, 2, 3, 1>();
  check_transposed_product<TestType, 3, lanes<TestType>, 0>();
  check_transposed_product<TestType, 1, 9, 2>();
  check_transposed_product<TestType, 2, 33, 1>();
}
