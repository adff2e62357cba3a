#pragma once

#include "train_row.hpp"

namespace metriplex::bench {

/// Adds rows scaling/<what>/<value>: the train step in double at 70 systems × 64 points, 2–64–64–64–1, mr of
/// rank 5, with one of these changed.
template <int Width, int Rank = 5>
using ScalingFamily = Family<Network<Width>, LowRank<Rank>, double>;

template <int Width>
void add_scaling_by_size(Plan& plan) {
  for (const Index points : {1, 4, 16, 64, 256, 1024, 4096})
    plan.rows.push_back(
        train_row<ScalingFamily<Width>>("scaling/points/" + std::to_string(points), 70, points));
  for (const Index systems : {1, 4, 16, 64, 256, 1024})
    plan.rows.push_back(
        train_row<ScalingFamily<Width>>("scaling/systems/" + std::to_string(systems), systems, 64));
}

template <int Width>
void add_scaling_by_width(Plan& plan) {
  plan.rows.push_back(train_row<ScalingFamily<Width>>("scaling/width/" + std::to_string(Width), 70, 64));
}

template <int Rank>
void add_scaling_by_rank(Plan& plan) {
  plan.rows.push_back(train_row<ScalingFamily<64, Rank>>("scaling/rank/" + std::to_string(Rank), 70, 64));
}

/// A network of so many hidden layers of width 64.
template <int Depth, int... Widths>
struct DeepNetwork : DeepNetwork<Depth - 1, Widths..., 64> {};
template <int... Widths>
struct DeepNetwork<0, Widths...> {
  using type = Mlp<Tanh, 2, Widths..., 1>;
};

template <int Depth>
void add_scaling_by_depth(Plan& plan) {
  using Family = bench::Family<typename DeepNetwork<Depth>::type, LowRank<5>, double>;
  plan.rows.push_back(train_row<Family>("scaling/depth/" + std::to_string(Depth), 70, 64));
}

template <int Dim>
void add_scaling_by_dimension(Plan& plan) {
  using Family = bench::Family<Network<64, Dim>, LowRank<5>, double, Dim>;
  plan.rows.push_back(train_row<Family>("scaling/dimension/" + std::to_string(Dim), 70, 64));
}

}  // namespace metriplex::bench
