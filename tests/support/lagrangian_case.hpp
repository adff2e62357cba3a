#pragma once

#include <memory>

#include "metriplex/nn/curvatures.hpp"
#include "metriplex/nn/lagrangian_sweep.hpp"
#include "support/network_case.hpp"

// A network of (q, v) at the points of a tile, each with a direction of q.

namespace metriplex {

template <class Net, class Scalar = double>
struct LagrangianCase {
  static constexpr int half = Net::inputs / 2, points = 2 * lanes<Scalar>;
  static constexpr int seen = Net::inputs + half, made = 1 + Net::inputs + curvature_count(half);
  template <int columns>
  using Tile = Eigen::Matrix<Scalar, points, columns>;

  Case c{Network::of<Net>(), points};
  Vector<Scalar> weights = relaid<Net, Scalar>(c.weights);
  Tile<seen> x;
  Tile<made> y;
  std::unique_ptr<LagrangianSweep<Net, Scalar, points>> sweep =
      std::make_unique<LagrangianSweep<Net, Scalar, points>>();

  LagrangianCase() {
    x.template leftCols<Net::inputs>() = c.x.template cast<Scalar>();
    x.template rightCols<half>() = c.d_gradient.template leftCols<half>().template cast<Scalar>();
    forward(weights, x);
  }
  void forward(const Vector<Scalar>& at, const Tile<seen>& state) {
    sweep->forward(at.data(), state.data(), y.data());
  }
};

}  // namespace metriplex
