#pragma once

#include <limits>
#include <vector>

#include "metriplex/autodiff/dual_math.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/nn/simd.hpp"
#include "metriplex/structure/structure.hpp"
#include "support/catch.hpp"

// What every structure must show.

namespace metriplex::test {

template <class S>
using Outputs = Vector<double, output_columns<S>>;
template <class S>
using Rate = Vector<double, S::dim>;

template <class V>
V random_vector(Random& random) {
  V v;
  for (auto& value : v) value = static_cast<typename V::Scalar>(random.normal());
  return v;
}

/// Adds the slots of one role to a gradient of the state.
template <class S>
Rate<S> slope_of(Role role, const Outputs<S>& outputs) {
  Rate<S> slope = Rate<S>::Zero();
  for (int k = 0; k < network_count<S>; ++k) {
    const NetworkSlot slot = S::networks[static_cast<std::size_t>(k)];
    if (slot.role == role)
      for (int i = 0; i < slot.rows; ++i) slope[slot.first + i] += outputs[output_offset<S>(k) + i];
  }
  return slope;
}

/// Draws a state and units for a structure that sees them.
template <class S, class Scalar = double>
struct Seen {
  Vector<Scalar, S::dim> x, unit;

  explicit Seen(Random& random) : x(random_vector<Vector<Scalar, S::dim>>(random)) {
    for (auto& value : unit) value = static_cast<Scalar>(random.uniform(0.5, 2));
  }
  Place<Scalar> place() const { return {x.data(), unit.data()}; }
};

/// Checks the pullbacks against dual numbers, and that that of the field overwrites and that of the energy adds.
template <class S>
void check_structure_pullback(Random& random) {
  const Seen<S> seen(random);
  const auto outputs = random_vector<Outputs<S>>(random);
  const auto d_dx = random_vector<Rate<S>>(random);
  const double d_energy = random.normal();
  constexpr int columns = output_columns<S>;
  Vector<double, columns + S::dim> got =
      Vector<double, columns + S::dim>::Constant(std::numeric_limits<double>::quiet_NaN());
  if constexpr (SeesState<S>) {
    S::pullback(seen.place(), outputs.data(), d_dx.data(), got.data(), got.data() + columns);
  } else {
    S::pullback(outputs.data(), d_dx.data(), got.data());
    got.template tail<S::dim>().setZero();
  }
  if constexpr (HasOwnEnergy<S>)
    S::energy_pullback(seen.place(), outputs.data(), d_energy, got.data(), got.data() + columns);
  Vector<double, columns + S::dim> expected;
  using T = Dual<double, 1>;
  Vector<T, columns + S::dim> lifted;
  const Vector<T, S::dim> unit = seen.unit.template cast<T>();
  lifted << outputs.template cast<T>(), seen.x.template cast<T>();
  for (int i = 0; i < columns + S::dim; ++i) {
    lifted[i].tangent[0] = 1;
    Vector<T, S::dim> dx;
    const Place<T> at{lifted.data() + columns, unit.data()};
    field_of<S>(at, lifted.data(), dx.data());
    expected[i] = 0;
    for (int j = 0; j < S::dim; ++j) expected[i] += dx[j].tangent[0] * d_dx[j];
    if constexpr (HasOwnEnergy<S>)
      expected[i] += d_energy * S::energy(at, static_cast<const T*>(lifted.data())).tangent[0];
    lifted[i].tangent[0] = 0;
  }
  CHECK((got - expected).norm() <= 1e-12 * expected.norm());
}

/// Checks that a register of points moves as each of them alone, in both scalars.
template <class S, class Scalar>
void check_structure_packs(Random& random) {
  Pack<Scalar> outputs[output_columns<S>], x[S::dim], unit[S::dim], dx[S::dim];
  Vector<Scalar, output_columns<S>> points[lanes<Scalar>];
  std::vector<Seen<S, Scalar>> seen;
  for (int p = 0; p < lanes<Scalar>; ++p) {
    points[p] = random_vector<Vector<Scalar, output_columns<S>>>(random);
    seen.emplace_back(random);
    for (int i = 0; i < output_columns<S>; ++i) outputs[i][p] = points[p][i];
    for (int i = 0; i < S::dim; ++i) {
      x[i][p] = seen.back().x[i];
      unit[i][p] = seen.back().unit[i];
    }
  }
  field_of<S>(Place<Pack<Scalar>>{x, unit}, outputs, dx);
  for (int p = 0; p < lanes<Scalar>; ++p) {
    Vector<Scalar, S::dim> alone;
    field_of<S>(seen[static_cast<std::size_t>(p)].place(), points[p].data(), alone.data());
    for (int i = 0; i < S::dim; ++i)
      CHECK(std::abs(dx[i][p] - alone[i]) <= 500 * std::numeric_limits<Scalar>::epsilon() * alone.norm());
  }
}

/// Checks the laws of a dissipative structure: the field is its two operators', both kill what they must, one is skew
/// and the other symmetric and positive semidefinite.
template <class S>
void check_dissipation(Random& random) {
  const auto outputs = random_vector<Outputs<S>>(random);
  const Rate<S> energy = slope_of<S>(Role::energy, outputs);
  Rate<S> entropy = slope_of<S>(Role::entropy, outputs);
  for (int i = 0; i < S::dim; ++i) entropy[i] += S::entropy_slope[static_cast<std::size_t>(i)];
  Matrix<double, S::dim, S::dim> L, M;
  for (int j = 0; j < S::dim; ++j) {
    const Rate<S> unit = Rate<S>::Unit(j);
    S::poisson(outputs.data(), unit.data(), L.col(j).data());
    S::friction(outputs.data(), unit.data(), M.col(j).data());
  }
  Rate<S> dx;
  S::field(outputs.data(), dx.data());
  constexpr double rounding = 1e-13;
  CHECK((L * energy + M * entropy - dx).norm() <=
        rounding * (L.norm() * energy.norm() + M.norm() * entropy.norm()));
  CHECK((L + L.transpose()).norm() <= rounding * L.norm());
  CHECK((M - M.transpose()).norm() <= rounding * M.norm());
  CHECK((L * entropy).norm() <= rounding * L.norm() * entropy.norm());
  CHECK((M * energy).norm() <= rounding * M.norm() * energy.norm());
  for (int draw = 0; draw < 5; ++draw) {
    const auto v = random_vector<Rate<S>>(random);
    CHECK(v.dot(M * v) >= -rounding * M.norm() * v.squaredNorm());
  }
  CHECK(entropy.dot(dx) >= -rounding * entropy.norm() * dx.norm());
  CHECK(M.norm() > 0);
}

/// Checks a structure: its slots, its pullback, that the potentials' sum is conserved if it `conserves` it, and the laws of its
/// operators if it has some.
template <class S>
void check_structure(bool conserves = true) {
  INFO(S::name);
  STATIC_REQUIRE(Structure<S>);
  for (const NetworkSlot& slot : S::networks) {
    CHECK(!slot.name.empty());
    CHECK(slot.first >= 0);
    CHECK(slot.rows >= (slot.is_potential() ? 1 : 0));
    CHECK(slot.first + slot.rows <= S::dim);
    CHECK(slot.outputs >= 1);
  }
  Random random(1);
  for (int draw = 0; draw < 20; ++draw) {
    check_structure_pullback<S>(random);
    check_structure_packs<S, double>(random);
    check_structure_packs<S, float>(random);
    const auto outputs = random_vector<Outputs<S>>(random);
    const Seen<S> seen(random);
    Rate<S> dx = Rate<S>::Constant(std::numeric_limits<double>::quiet_NaN());
    field_of<S>(seen.place(), outputs.data(), dx.data());
    REQUIRE(dx.allFinite());
    if (!conserves) continue;
    const Rate<S> slope = slope_of<S>(Role::energy, outputs);
    CHECK(std::abs(slope.dot(dx)) <= 1e-13 * slope.norm() * dx.norm());
    if constexpr (DissipativeStructure<S>) check_dissipation<S>(random);
  }
}

}  // namespace metriplex::test
