#include "metriplex/nn/sweep_layout.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Checks that no two parts overlap and that all of them fit.
template <class Layout>
void check_disjoint(int layers) {
  std::vector<std::pair<int, int>> parts{{Layout::sides, Layout::size}};
  for (int l = 0; l < layers; ++l)
    parts.emplace_back(Layout::values(l), Layout::values(l) + 2 * Layout::area(l));
  for (int l = 1; l < layers; ++l)
    for (const int offset : {Layout::slope(l), Layout::adjoint(l), Layout::pulled(l)})
      parts.emplace_back(offset, offset + Layout::area(l));
  for (int l = 1; l < layers && Layout::stores_curvature; ++l)
    parts.emplace_back(Layout::curvature(l), Layout::curvature(l) + Layout::area(l));
  std::sort(parts.begin(), parts.end());
  CHECK(parts.front().first == 0);
  CHECK(parts.back().second == Layout::size);
  for (std::size_t i = 1; i < parts.size(); ++i) CHECK(parts[i].first >= parts[i - 1].second);
}

}  // namespace

TEST_CASE("the parts of a sweep's memory are disjoint and fill it", "[nn][sweep_layout]") {
  using Net = Mlp<Tanh, 3, 7, 17, 5, 1>;
  check_disjoint<SweepLayout<Net, double, tile_points<double>>>(Net::layers);
  check_disjoint<SweepLayout<Net, float, tile_points<float>>>(Net::layers);
  using Oscillating = Mlp<Sin, 3, 7, 17, 5, 1>;
  check_disjoint<SweepLayout<Oscillating, double, tile_points<double>>>(Oscillating::layers);
}

TEST_CASE("the parts of a sweep's memory start at whole registers", "[nn][sweep_layout]") {
  using Net = Mlp<Tanh, 3, 7, 17, 5, 1>;
  using Layout = SweepLayout<Net, float, tile_points<float>>;
  for (int l = 1; l < Net::layers; ++l)
    for (const int offset :
         {Layout::values(l), Layout::slope(l), Layout::adjoint(l), Layout::pulled(l), Layout::curvature(l)})
      CHECK(offset % lanes<float> == 0);
}
