#pragma once

#include <limits>

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

/// Checks the pullback against dual numbers, and that it overwrites.
template <class S>
void check_structure_pullback(Random& random) {
  const auto outputs = random_vector<Outputs<S>>(random);
  const auto d_dx = random_vector<Rate<S>>(random);
  Outputs<S> d_outputs = Outputs<S>::Constant(std::numeric_limits<double>::quiet_NaN());
  S::pullback(outputs.data(), d_dx.data(), d_outputs.data());
  Outputs<S> expected;
  using T = Dual<double, 1>;
  Vector<T, output_columns<S>> lifted = outputs.template cast<T>();
  for (int i = 0; i < output_columns<S>; ++i) {
    lifted[i].tangent[0] = 1;
    Vector<T, S::dim> dx;
    S::field(lifted.data(), dx.data());
    lifted[i].tangent[0] = 0;
    expected[i] = 0;
    for (int j = 0; j < S::dim; ++j) expected[i] += dx[j].tangent[0] * d_dx[j];
  }
  CHECK((d_outputs - expected).norm() <= 1e-13 * expected.norm());
}

/// Checks that a register of points moves as each of them alone, in both scalars.
template <class S, class Scalar>
void check_structure_packs(Random& random) {
  Pack<Scalar> outputs[output_columns<S>], dx[S::dim];
  Vector<Scalar, output_columns<S>> points[lanes<Scalar>];
  for (int p = 0; p < lanes<Scalar>; ++p) {
    points[p] = random_vector<Vector<Scalar, output_columns<S>>>(random);
    for (int i = 0; i < output_columns<S>; ++i) outputs[i][p] = points[p][i];
  }
  S::field(outputs, dx);
  for (int p = 0; p < lanes<Scalar>; ++p) {
    Vector<Scalar, S::dim> alone;
    S::field(points[p].data(), alone.data());
    for (int i = 0; i < S::dim; ++i)
      CHECK(std::abs(dx[i][p] - alone[i]) <= 50 * std::numeric_limits<Scalar>::epsilon() * alone.norm());
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

/// Checks a structure: its slots, its pullback, that energy is conserved, and the laws of its operators if it has some.
template <class S>
void check_structure() {
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
    Rate<S> dx = Rate<S>::Constant(std::numeric_limits<double>::quiet_NaN());
    S::field(outputs.data(), dx.data());
    REQUIRE(dx.allFinite());
    const Rate<S> slope = slope_of<S>(Role::energy, outputs);
    CHECK(std::abs(slope.dot(dx)) <= 1e-13 * slope.norm() * dx.norm());
    if constexpr (DissipativeStructure<S>) check_dissipation<S>(random);
  }
}

}  // namespace metriplex::test
