#include "metriplex/nn/mlp.hpp"

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

using Net = Mlp<Tanh, 2, 9, 8, 1>;
static_assert(Net::layers == 3 && Net::inputs == 2 && Net::outputs == 1);
static_assert(Net::parameters() == 2 * 9 + 9 + 9 * 8 + 8 + 8 + 1);
static_assert(Net::shape(1).in == 9 && Net::shape(1).out == 8 && Net::shape(1).index == 1);
static_assert(!Net::shape(1).last && Net::shape(2).last);
static_assert(Mlp<Sin, 4, 17, 3>::parameters() == 17 * 5 + 3 * 18);

template <class A>
concept MakesNet = requires {
  typename Mlp<A, 2, 3, 1>;
};
static_assert(MakesNet<Tanh> && MakesNet<Silu> && !MakesNet<int> && !MakesNet<Net>);

// In double: 9 and 8 outputs take columns of 16 and 8, the last layer is a row.
using Layout = MlpLayout<Net, double>;
static_assert(Layout::leading(0) == 16 && Layout::leading(1) == 8 && Layout::leading(2) == 1);
static_assert(Layout::weight(0) == 0 && Layout::bias(0) == 2 * 16);
static_assert(Layout::weight(1) == 3 * 16 && Layout::bias(1) == 3 * 16 + 9 * 8);
static_assert(Layout::weight(2) == 3 * 16 + 10 * 8 && Layout::bias(2) == 3 * 16 + 11 * 8);
static_assert(Layout::size() == 3 * 16 + 12 * 8);
static_assert(MlpLayout<Net, float>::leading(1) == 16);

/// Checks that every part is aligned, and that the parts, written through views, meet nowhere.
template <class TestNet, class Scalar>
void check_layout() {
  using Places = MlpLayout<TestNet, Scalar>;
  constexpr int bytes = static_cast<int>(sizeof(Scalar));
  std::vector<Scalar> weights(Places::size());
  Scalar label = 0;
  for (int l = 0; l < TestNet::layers; ++l) {
    const LayerShape shape = TestNet::shape(l);
    CHECK(Places::weight(l) * bytes % 64 == 0);
    CHECK(Places::bias(l) * bytes % 64 == 0);
    if (shape.out > 1) CHECK(Places::leading(l) * bytes % 64 == 0);

    LayerView<Scalar> layer = layer_view<TestNet>(weights.data(), l);
    REQUIRE((layer.weight.rows() == shape.out && layer.weight.cols() == shape.in &&
             layer.bias.size() == shape.out));
    for (int j = 0; j < shape.in; ++j)
      for (int i = 0; i < shape.out; ++i) layer.weight(i, j) = ++label;
    for (int i = 0; i < shape.out; ++i) layer.bias(i) = ++label;
  }
  CHECK(Places::size() * bytes % 64 == 0);
  CHECK(static_cast<int>(label) == TestNet::parameters());

  // Read at the documented places: each label is still there, in order, and all else is zero.
  label = 0;
  std::size_t padding = weights.size();
  for (int l = 0; l < TestNet::layers; ++l) {
    const LayerShape shape = TestNet::shape(l);
    for (int j = 0; j < shape.in; ++j)
      for (int i = 0; i < shape.out; ++i, --padding)
        REQUIRE(weights.at(std::size_t(Places::weight(l) + i + j * Places::leading(l))) == ++label);
    for (int i = 0; i < shape.out; ++i, --padding)
      REQUIRE(weights.at(std::size_t(Places::bias(l) + i)) == ++label);
  }
  CHECK(static_cast<std::size_t>(std::count(weights.begin(), weights.end(), Scalar(0))) == padding);
}

}  // namespace

TEMPLATE_TEST_CASE("the parts of a layout are aligned, padded with zeros and do not overlap", "[nn][mlp]",
                   float, double) {
  check_layout<Net, TestType>();
  check_layout<Mlp<Softplus, 1, 1, 1>, TestType>();
  check_layout<Mlp<Silu, 3, 64, 64, 64, 1>, TestType>();
  check_layout<Mlp<Sin, 5, 17, 33, 3>, TestType>();
}

TEST_CASE("the output row of a network with one output is contiguous", "[nn][mlp]") {
  Vector<double> weights = Vector<double>::LinSpaced(Layout::size(), 0, Layout::size() - 1);
  const Vector<double>& constant = weights;
  const auto last = layer_view<Net>(constant.data(), 2);
  for (int j = 0; j < 8; ++j) CHECK(last.weight(0, j) == Layout::weight(2) + j);
  CHECK(last.bias(0) == Layout::bias(2));
  static_assert(std::is_same_v<decltype(last), const LayerView<const double>>);
}
