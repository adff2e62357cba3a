#include "metriplex/nn/elementwise.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

template <class Scalar>
Vector<Scalar> numbers(Index n) {
  return Vector<Scalar>::LinSpaced(n, Scalar(1), static_cast<Scalar>(n));
}

}  // namespace

TEMPLATE_TEST_CASE("an elementwise pass meets every element once, packs first", "[nn][elementwise]", double,
                   float) {
  for (const Index n : {0, 1, 7, 8, 17, 64, 100}) {
    std::vector<int> seen(static_cast<std::size_t>(n));
    bool rest = false;
    elementwise<TestType>(n, [&]<class V>(Index i, V) {
      const bool single = std::is_same_v<V, TestType>;
      CHECK((single || !rest));
      rest = single;
      for (Index k = 0; k < (single ? 1 : lanes<TestType>); ++k) ++seen[static_cast<std::size_t>(i + k)];
    });
    CHECK(seen == std::vector<int>(static_cast<std::size_t>(n), 1));
  }
}

TEMPLATE_TEST_CASE("sums, products and scalings are those of plain loops, at any size and alignment",
                   "[nn][elementwise]", double, float) {
  for (const Index n : {0, 1, 2, 3, 7, 17, 31, 33, 64, 100}) {
    const Vector<TestType> x = numbers<TestType>(n + 1), start = 2 * numbers<TestType>(n + 1);
    Vector<TestType> y = start;
    add_to(n, x.data() + 1, y.data() + 1);
    CHECK(y.tail(n) == start.tail(n) + x.tail(n));
    CHECK(y(0) == start(0));
    y = start;
    scale_by(n, 0.5, y.data() + 1);
    CHECK(y.tail(n) == x.tail(n));
    CHECK(y(0) == start(0));
    CHECK(dot(n, x.data() + 1, start.data() + 1) == Approx(x.tail(n).dot(start.tail(n))));
  }
}

TEMPLATE_TEST_CASE("square roots are the processor's", "[nn][elementwise]", double, float) {
  const Vector<TestType> x = numbers<TestType>(lanes<TestType>);
  const Pack<TestType> root = square_root<TestType>(load(x.data()));
  for (int i = 0; i < lanes<TestType>; ++i) CHECK(root[i] == Approx(std::sqrt(x(i))).epsilon(1e-6));
  CHECK(square_root<TestType>(TestType(9)) == 3);
  CHECK(square_root<TestType>(Pack<TestType>{})[0] == 0);
}
