#include "metriplex/model/network_sweep.hpp"

#include <type_traits>

#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a network is swept as its role and the number of points ask", "[model][network_sweep]") {
  using Net = Mlp<Tanh, 4, 8, 1>;
  constexpr int tile = tile_points<double>;
  STATIC_REQUIRE(std::is_base_of_v<PointSweep<Net, double>,
                                   decltype(NetworkSweep<Hamiltonian<4>, Net, 0, double, 1>::sweep)>);
  STATIC_REQUIRE(std::is_same_v<GradientSweep<Net, double, tile>,
                                NetworkSweep<GenericLearned<4>, Net, 1, double, tile>::Inner>);
  STATIC_REQUIRE(std::is_same_v<ValueSweep<Net, double, tile, true>,
                                NetworkSweep<Mechanical<1>, Net, 0, double, tile>::Inner>);
  STATIC_REQUIRE(std::is_same_v<PointValueSweep<Net, double, false>,
                                NetworkSweep<Unstructured<4>, Net, 0, double, 1>::Inner>);
  STATIC_REQUIRE(std::is_same_v<LagrangianSweep<Net, double, tile>,
                                NetworkSweep<Lagrangian<2>, Net, 0, double, tile>::Inner>);
}
