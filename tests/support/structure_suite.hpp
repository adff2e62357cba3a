#pragma once

#include <limits>

#include "metriplex/core/random.hpp"
#include "metriplex/structure/structure.hpp"
#include "support/catch.hpp"

// What every structure must show.

namespace metriplex::test {

template <class Tile>
Tile random_tile(Random& random) {
  Tile tile;
  for (auto& value : tile.reshaped()) value = static_cast<typename Tile::Scalar>(random.normal());
  return tile;
}

/// Checks a structure on tiles of `Points` points: the adjoint identity, the conserved energy, and that
/// outputs are overwritten.
template <class S, class Scalar, int Points>
void check_structure_tile() {
  constexpr int columns = gradient_columns<S>, layout = Points == 1 ? Eigen::RowMajor : Eigen::ColMajor;
  using Gradients = Eigen::Matrix<Scalar, Points, columns, layout>;
  using Rates = Eigen::Matrix<Scalar, Points, S::dim, layout>;
  constexpr double rounding = 8 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  Random random(1);
  for (int draw = 0; draw < 20; ++draw) {
    const Gradients gradients = random_tile<Gradients>(random);
    const Rates v = random_tile<Rates>(random);
    Rates dx = Rates::Constant(std::numeric_limits<Scalar>::quiet_NaN());
    Gradients d_gradients = Gradients::Constant(std::numeric_limits<Scalar>::quiet_NaN());
    S::field(gradients, dx);
    S::pullback(v, d_gradients);
    REQUIRE(dx.allFinite());
    REQUIRE(d_gradients.allFinite());

    const double there = dx.template cast<double>().cwiseProduct(v.template cast<double>()).sum();
    const double back =
        gradients.template cast<double>().cwiseProduct(d_gradients.template cast<double>()).sum();
    CHECK(std::abs(there - back) <= rounding * dx.norm() * v.norm());

    Rates slope = Rates::Zero();  // of the energy, the sum of all potentials
    int column = 0;
    for (const Potential& potential : S::potentials)
      for (int i = 0; i < potential.rows; ++i) slope.col(potential.first + i) += gradients.col(column++);
    for (int p = 0; p < Points; ++p) {
      const double rate = slope.row(p).template cast<double>().dot(dx.row(p).template cast<double>());
      CHECK(std::abs(rate) <= rounding * slope.row(p).norm() * dx.row(p).norm());
    }
  }
}

/// Checks a structure that conserves the sum of its potentials.
template <class S>
void check_structure() {
  INFO(S::name);
  STATIC_REQUIRE(Structure<S>);
  for (const Potential& potential : S::potentials) {
    CHECK(!potential.name.empty());
    CHECK(potential.first >= 0);
    CHECK(potential.rows >= 1);
    CHECK(potential.first + potential.rows <= S::dim);
  }
  check_structure_tile<S, double, 8>();
  check_structure_tile<S, double, 1>();
  check_structure_tile<S, float, 16>();
}

}  // namespace metriplex::test
