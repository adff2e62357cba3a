#include "metriplex/model/structure_tile.hpp"

#include <memory>

#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

/// Compares a tile with its points one at a time, and tangents with cotangents.
template <class S>
void check_tile() {
  constexpr int points = 2 * lanes<double>, columns = output_columns<S>;
  Random random(4);
  auto scale = test::random_scaling<double, S::dim>(random);
  scale = scale.centred();
  using States = Eigen::Matrix<double, points, S::dim>;
  using Outputs = Eigen::Matrix<double, points, columns>;
  using Column = Vector<double, points>;
  const auto x = test::random_state<States>(random), d_dx = test::random_state<States>(random);
  const auto outputs = test::random_state<Outputs>(random), along = test::random_state<Outputs>(random);
  const auto d_energy = test::random_state<Column>(random);
  States dx, d_x, tangent;
  Outputs d_outputs;
  Column energy = Column::Zero();
  const auto tile = std::make_unique<StructureTile<S, double, points>>();
  tile->field(scale, x.data(), outputs.data(), dx.data(), energy.data());
  tile->pullback(outputs.data(), d_energy.data(), d_dx.data(), d_outputs.data(), d_x.data());
  tile->tangent(outputs.data(), along.data(), tangent.data());
  for (int p = 0; p < points; ++p) {
    StructureTile<S, double, 1> one;
    Vector<double, S::dim> at = x.row(p), rate, d_rate = d_dx.row(p), d_at, moved;
    Vector<double, columns> in = outputs.row(p), d_in, by = along.row(p);
    double own = 0;
    one.field(scale, at.data(), in.data(), rate.data(), &own);
    one.pullback(in.data(), &d_energy[p], d_rate.data(), d_in.data(), d_at.data());
    one.tangent(in.data(), by.data(), moved.data());
    CHECK((rate - dx.row(p).transpose()).norm() <= 1e-12 * rate.norm());
    CHECK((d_in - d_outputs.row(p).transpose()).norm() <= 1e-12 * d_in.norm());
    CHECK((d_at - d_x.row(p).transpose()).norm() <= 1e-12 * (d_at.norm() + d_rate.norm()));
    CHECK((moved - tangent.row(p).transpose()).norm() <= 1e-12 * moved.norm());
    CHECK(energy[p] == Approx(own));
    one.pullback(in.data(), nullptr, d_rate.data(), d_in.data(), d_at.data());
    CHECK(d_rate.dot(moved) == Approx(d_in.dot(by)));
  }
}

}  // namespace

TEST_CASE(
    "a structure does to a tile what it does to its points, and its tangents are adjoint to its pullback",
    "[model][structure_tile]") {
  check_tile<Hamiltonian<4>>();
  check_tile<Mechanical<2>>();
  check_tile<Lagrangian<2>>();
}
