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

}  // namespace

TEMPLATE_TEST_CASE("an exchange swaps the lanes off the diagonal of a block", "[nn][transpose]", float,
                   double) {
  if constexpr (lanes < TestType >> 2) {
    Pack<TestType> a{}, b{};
    for (int k = 0; k < lanes<TestType>; ++k) a[k] = TestType(k), b[k] = TestType(100 + k);
    exchange<2, TestType>(a, b);
    for (int k = 0; k < lanes<TestType>; ++k) {
      CHECK(a[k] == TestType(k & 2 ? 100 + k - 2 : k));
      CHECK(b[k] == TestType(k & 2 ? 100 + k : k + 2));
    }
  }
}

TEMPLATE_TEST_CASE("packs are transposed, and their lanes summed, in registers", "[nn][transpose]", float,
                   double) {
  constexpr int width = lanes<TestType>, few = width / 2 + 1;
  Pack<TestType> packs[width], same[width], first[width];
  for (int i = 0; i < width; ++i)
    for (int k = 0; k < width; ++k) packs[i][k] = same[i][k] = first[i][k] = TestType(100 * i + k);
  transpose_packs<TestType>(packs);
  for (int i = 0; i < width; ++i)
    for (int k = 0; k < width; ++k) CHECK(packs[i][k] == TestType(100 * k + i));

  const int ramp = width * (width - 1) / 2;
  for (int i = 0; i < width; ++i) CHECK(sum<TestType>(same[i]) == TestType(100 * i * width + ramp));
  const Pack<TestType> sums = sum_lanes<TestType>(same), few_sums = sum_lanes<TestType, few>(first);
  for (int i = 0; i < width; ++i) {
    CHECK(sums[i] == TestType(100 * i * width + ramp));
    CHECK(few_sums[i] == (i < few ? TestType(100 * i * width + ramp) : TestType(0)));
  }
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
