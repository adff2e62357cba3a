#include "metriplex/model/network_sweep.hpp"

#include <type_traits>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a network is swept as its role and the number of points ask", "[model][network_sweep]") {
  using Net = Mlp<Tanh, 4, 8, 1>;
  constexpr int tile = tile_points<double>;
  STATIC_REQUIRE(std::is_base_of_v<PointSweep<Net, double>,
                                   decltype(NetworkSweep<Net, double, 1, Role::energy, 0, 4>::sweep)>);
  STATIC_REQUIRE(std::is_same_v<GradientSweep<Net, double, tile>,
                                NetworkSweep<Net, double, tile, Role::entropy, 0, 4>::Inner>);
  STATIC_REQUIRE(std::is_same_v<ValueSweep<Net, double, tile, true>,
                                NetworkSweep<Net, double, tile, Role::jet, 0, 4>::Inner>);
  STATIC_REQUIRE(std::is_same_v<PointValueSweep<Net, double, false>,
                                NetworkSweep<Net, double, 1, Role::rate, 0, 4>::Inner>);
  STATIC_REQUIRE(std::is_same_v<LagrangianSweep<Net, double, tile>,
                                NetworkSweep<Net, double, tile, Role::lagrangian, 0, 4>::Inner>);
}
