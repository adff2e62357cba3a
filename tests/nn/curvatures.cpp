#include "metriplex/nn/curvatures.hpp"

#include <array>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("second derivatives are listed by pairs of velocities, then along the motion", "[nn][curvatures]") {
  std::vector<std::array<int, 3>> found;
  for_each_curvature<2>([&](int i, int j, int index) { found.push_back({i, j, index}); });
  CHECK(found == std::vector<std::array<int, 3>>{{0, 0, 0}, {0, 1, 1}, {1, 1, 2}, {0, 2, 3}, {1, 2, 4}});
  CHECK(curvature_count(2) == 5);
  CHECK(curvature_count(1) == 2);
  CHECK(curvature_count(3) == 9);
}
