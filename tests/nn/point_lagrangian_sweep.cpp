#include "metriplex/nn/point_lagrangian_sweep.hpp"

#include "support/catch.hpp"
#include "support/lagrangian_case.hpp"

using namespace metriplex;

namespace {

/// Compares points one at a time with a tile.
template <class Net>
void check_points() {
  using Of = LagrangianCase<Net>;
  Of c;
  Random random(5);
  typename Of::template Tile<Of::made> d_y, moved;
  for (auto& value : d_y.reshaped()) value = random.normal();
  typename Of::template Tile<Of::seen> d_x;
  const Vector<double> along = relaid<Net, double>(Vector<double>(Vector<double>::Random(c.weights.size())));
  c.sweep->tangent(c.weights.data(), along.data(), moved.data());
  c.sweep->pullback(c.weights.data(), d_y.data(), nullptr, d_x.data());
  PointLagrangianSweep<Net, double> alone;
  for (int p = 0; p < Of::points; ++p) {
    const Vector<double> x = c.x.row(p), d = d_y.row(p);
    Vector<double> y(Of::made), by_weights(Of::made), by_point(Of::seen), again(Of::seen);
    alone.forward(c.weights.data(), x.data(), y.data());
    alone.pullback(c.weights.data(), d.data(), by_point.data());
    alone.tangent(c.weights.data(), along.data(), by_weights.data());
    alone.pullback(c.weights.data(), d.data(), again.data());
    CHECK(difference(y, Vector<double>(c.y.row(p))) < 1e-13);
    CHECK(difference(by_weights, Vector<double>(moved.row(p))) < 1e-13);
    CHECK(difference(by_point, Vector<double>(d_x.row(p))) < 1e-13);
    CHECK(again == by_point);
  }
}

}  // namespace

TEST_CASE("a Lagrangian alone at a point is that of a tile", "[nn][point_lagrangian_sweep]") {
  check_points<Mlp<Tanh, 4, 9, 5, 1>>();
  check_points<Mlp<Silu, 2, 5, 1>>();
}
