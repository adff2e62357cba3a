#include "metriplex/nn/groups.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// A triangle of which one corner hangs on a wall.
struct Hung {
  static constexpr std::string_view name = "hung";
  static constexpr std::array<std::array<int, 2>, 4> edges{{{0, 1}, {1, 2}, {2, 0}, {-1, 0}}};
};

/// Lists what groups see, one number after the other.
template <class Groups>
std::vector<int> listed() {
  std::vector<int> all;
  for (const auto& group : Groups::groups)
    for (const Difference& seen : group) {
      all.push_back(seen.to);
      all.push_back(seen.from);
    }
  return all;
}

}  // namespace

TEST_CASE("groups list sites, neighbours with their walls, all pairs and graphs", "[nn][groups]") {
  CHECK(listed<Sites<2>>() == std::vector{0, -1, 1, -1});
  CHECK(listed<Sites<1, 2>>() == std::vector{0, -1, 1, -1});
  STATIC_REQUIRE(Sites<1, 2>::groups.size() == 1);
  CHECK(listed<Chain<2>>() == std::vector{0, -1, 1, 0, -1, 1});
  CHECK(listed<Chain<3, Ends::free>>() == std::vector{1, 0, 2, 1});
  CHECK(listed<Chain<3, Ends::periodic>>() == std::vector{1, 0, 2, 1, 0, 2});
  CHECK(listed<AllPairs<3>>() == std::vector{1, 0, 2, 0, 2, 1});
  CHECK(listed<AllPairs<2, Sees::positions>>() == std::vector{0, -1, 1, -1});
  CHECK(listed<AllPairs<2, Sees::differences, 2>>() == std::vector{2, 0, 3, 1});
  STATIC_REQUIRE(AllPairs<2, Sees::differences, 2>::components == 4);
  STATIC_REQUIRE(Graph<Hung, 3>::name == "hung");
  CHECK(listed<Graph<Hung, 3>>() == std::vector{1, 0, 2, 1, 0, 2, 0, -1});
}
