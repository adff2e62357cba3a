#include "metriplex/core/layer.hpp"

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a layer view reads and writes the columns of a padded matrix", "[core][layer]") {
  Vector<double> flat = Vector<double>::LinSpaced(14, 0, 13);
  LayerView<double> view{{flat.data(), 3, 3, Eigen::OuterStride<>(4)}, {flat.data() + 11, 3}};
  CHECK(view.weight(2, 1) == 6);
  CHECK(view.bias[2] == 13);
  view.weight.setZero();
  CHECK(flat[3] == 3);  // padding between the columns stays
  CHECK(flat[7] == 7);
  const LayerView<const double> read{{flat.data(), 3, 3, Eigen::OuterStride<>(4)}, {flat.data() + 11, 3}};
  CHECK(read.weight.isZero());
}
