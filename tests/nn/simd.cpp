#include "metriplex/nn/simd.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

template <class Scalar>
constexpr bool pack_holds_its_lanes = sizeof(Pack<Scalar>) == lanes<Scalar> * sizeof(Scalar) &&
                                      sizeof(IntegerPack<Scalar>) == sizeof(Pack<Scalar>);
static_assert(pack_holds_its_lanes<double> && pack_holds_its_lanes<float>);
static_assert(vector_kernels ? lanes<float> == 2 * lanes<double> && lanes<double> > 1 : lanes<float> == 1);
static_assert(64 % sizeof(Pack<double>) == 0, "layouts align to 64 bytes");
static_assert(round_up(0, 8) == 0 && round_up(1, 8) == 8 && round_up(8, 8) == 8 && round_up(9, 8) == 16);

TEMPLATE_TEST_CASE("packs are read from and written to memory of any alignment", "[nn][simd]", float,
                   double) {
  constexpr int width = lanes<TestType>;
  for (int offset = 0; offset < 3; ++offset) {
    std::array<TestType, width + 3> from{}, to{};
    for (int i = 0; i < width + 3; ++i) from[std::size_t(i)] = TestType(i + 1);
    const Pack<TestType> pack = load(from.data() + offset);
    store(to.data() + offset, pack);
    for (int i = 0; i < width + 3; ++i) {
      const bool inside = i >= offset && i < offset + width;
      CHECK(to[std::size_t(i)] == (inside ? from[std::size_t(i)] : TestType(0)));
    }
    for (int i = 0; i < width; ++i) CHECK(pack[i] == TestType(offset + i + 1));
  }
}

TEMPLATE_TEST_CASE("every lane of a broadcast is the value, of whatever kind", "[nn][simd]", float, double) {
  using Limits = std::numeric_limits<TestType>;
  for (const TestType value : {TestType(0), TestType(-0.0), TestType(0.1), Limits::max(),
                               Limits::denorm_min(), Limits::infinity(), -Limits::infinity()}) {
    const Pack<TestType> pack = broadcast(value);
    for (int i = 0; i < lanes<TestType>; ++i) {
      CHECK(pack[i] == value);
      CHECK(std::signbit(TestType(pack[i])) == std::signbit(value));
    }
  }
  const Pack<TestType> nan = broadcast(Limits::quiet_NaN());
  for (int i = 0; i < lanes<TestType>; ++i) CHECK(std::isnan(TestType(nan[i])));
}

TEST_CASE("unroll counts up with numbers known at compile time", "[nn][simd]") {
  std::vector<int> seen;
  unroll<4>([&](auto i) {
    std::array<int, i + 1> sized{};
    seen.push_back(static_cast<int>(sized.size()) - 1);
  });
  CHECK(seen == std::vector<int>{0, 1, 2, 3});
  unroll<0>([&](auto) { seen.clear(); });
  CHECK(seen.size() == 4);
}
