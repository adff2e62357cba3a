#include "metriplex/nn/plus.hpp"

#include <string_view>

#include "metriplex/nn/mlp.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {
struct Spring {
  static constexpr std::string_view name = "spring";
  template <class V>
  static auto energy(const V& x) {
    return x[0] * x[0];
  }
};
}  // namespace

TEST_CASE("a network beside a known part is the network", "[nn][plus]") {
  using Net = Mlp<Tanh, 2, 5, 1>;
  STATIC_REQUIRE(!HasKnown<Net>);
  STATIC_REQUIRE(HasKnown<Plus<Net, Spring>>);
  STATIC_REQUIRE(Plus<Net, Spring>::inputs == 2);
  STATIC_REQUIRE(Plus<Net, Spring>::parameters() == Net::parameters());
}
