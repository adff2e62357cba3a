#pragma once

#include <algorithm>

#include "metriplex/nn/curvatures.hpp"
#include "metriplex/nn/matrix_vector.hpp"
#include "metriplex/nn/mlp.hpp"

namespace metriplex {

/// Evaluates what a Lagrangian's equation of motion is made of at one point, and pulls cotangents of all of it back to the
/// point.
///
/// Registers hold several features of the point, as in `PointSweep`.
/// Math: as in `LagrangianForward` and `LagrangianSweep`.
template <class Net, RealScalar Scalar, int Speeds = Net::inputs / 2>
class PointLagrangianSweep {
  static_assert(Net::outputs == 1 && Speeds >= 1 && Net::inputs > Speeds,
                "a Lagrangian is a network of (q, v) with one output");
  static_assert(ThriceDifferentiable<typename Net::Activation>,
                "a Lagrangian needs an activation that knows its third derivative");

  using Layout = MlpLayout<Net, Scalar>;
  using Activation = typename Net::Activation;
  static constexpr int hidden = Net::layers - 1, inputs = Net::inputs, directions = Speeds + 1;
  static constexpr int width(int l) { return Net::sizes[static_cast<std::size_t>(l)]; }
  static constexpr int padded(int l) { return round_up(width(l), Layout::alignment); }
  static constexpr int widest = [] {
    int most = 0;
    for (int l = 0; l < Net::layers; ++l) most = std::max(most, padded(l));
    return most;
  }();

  using Vector = Scalar[widest];
  struct Kept {
    alignas(64) Vector h[1 + directions];  // h, then e
    alignas(64) Vector t[directions];
    alignas(64) Vector slope, second, twist, bend, delta;  // σ', σ'', σ''' ⊙ g, σ'' ⊙ g, δ
  };
  Kept kept_[hidden];
  Scalar x_[2 * inputs - Speeds];

  Kept& kept(int l) { return kept_[l - 1]; }

 public:
  static constexpr int points = 1, places = inputs - Speeds, curvatures = curvature_count(Speeds);

  /// Evaluates them, and keeps what `pullback` and `tangent` need.
  ///
  /// Shapes: weights as in `MlpLayout`; x [inputs + places]; y [1 + inputs + curvatures].
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) {
    alignas(64) Vector z, g;
    std::copy_n(x, inputs + places, x_);
    unroll<hidden>([&](auto k) {
      constexpr int l = k + 1;
      Kept& here = kept(l);
      value_product<l>(weights, z);
      for (int d = 0; d < directions; ++d) slope_product<l>(weights, d, here.t[d]);
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        const Pack<Scalar> argument = load(z + i);
        const ActivationValues<Scalar> sigma = Activation::template evaluate<Scalar>(argument);
        store(here.h[0] + i, sigma.value);
        store(here.slope + i, sigma.first);
        store(here.second + i, sigma.second);
        store(here.twist + i, Activation::template third<Scalar>(argument, sigma));
        for (int d = 0; d < directions; ++d) store(here.h[1 + d] + i, sigma.first * load(here.t[d] + i));
      }
    });
    const Scalar* out = weights + Layout::weight(hidden);
    y[0] = weights[Layout::bias(hidden)];
    for (int i = 0; i < width(hidden); ++i) y[0] += out[i] * kept(hidden).h[0][i];
    Pack<Scalar> sums[curvatures] = {};
    const Scalar* adjoint = out;
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      Kept& here = kept(l);
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        const Pack<Scalar> g_l = load(adjoint + i), bent = load(here.second + i) * g_l;
        store(here.delta + i, load(here.slope + i) * g_l);
        store(here.bend + i, bent);
        store(here.twist + i, load(here.twist + i) * g_l);
        for_each_curvature<Speeds>([&](int a, int b, int index) {
          sums[index] += bent * load(here.t[a] + i) * load(here.t[b] + i);
        });
      }
      transposed<l>(weights, here.delta, g);
      adjoint = g;
    });
    std::copy_n(g, inputs, y + 1);
    for (int c = 0; c < curvatures; ++c) y[1 + inputs + c] = sum<Scalar>(sums[c]);
  }

  /// Pulls cotangents back through the last `forward` to the point; any number of times.
  ///
  /// Shapes: d_y as y; d_x as x.
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_x) {
    alignas(64) Vector t, e, starts[hidden], a, b[directions], h[1 + directions];
    const Scalar* d_curvatures = d_y + 1 + inputs;
    const Scalar* input = d_y + 1;
    unroll<hidden>([&](auto k) {
      constexpr int l = k + 1;
      Kept& here = kept(l);
      product<l>(weights, input, t);
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        Pack<Scalar> q{};
        for_each_curvature<Speeds>([&](int m, int n, int index) {
          q += broadcast(d_curvatures[index]) * load(here.t[m] + i) * load(here.t[n] + i);
        });
        store(e + i, load(here.slope + i) * load(t + i) + load(here.second + i) * q);
        store(starts[k] + i, load(here.bend + i) * load(t + i) + load(here.twist + i) * q);
      }
      input = e;
    });
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      Kept& here = kept(l);
      if constexpr (l < hidden) {
        transposed<l + 1>(weights, a, h[0]);
        for (int d = 0; d < directions; ++d) transposed<l + 1>(weights, b[d], h[1 + d]);
      }
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        Pack<Scalar> by[directions] = {}, along{};
        for_each_curvature<Speeds>([&](int m, int n, int index) {
          const Pack<Scalar> c = broadcast(d_curvatures[index]);
          by[m] += c * load(here.t[n] + i);
          by[n] += c * load(here.t[m] + i);
        });
        const Pack<Scalar> first = load(here.slope + i);
        for (int d = 0; d < directions; ++d) {
          Pack<Scalar> value = load(here.bend + i) * by[d];
          if constexpr (l < hidden) {
            value += first * load(h[1 + d] + i);
            along += load(here.t[d] + i) * load(h[1 + d] + i);
          }
          store(b[d] + i, value);
        }
        if constexpr (l < hidden)
          store(a + i, load(starts[l - 1] + i) + first * load(h[0] + i) + load(here.second + i) * along);
        else
          store(a + i, load(starts[l - 1] + i) + load(here.delta + i) * broadcast(*d_y));
      }
    });
    transposed<1>(weights, a, h[0]);
    transposed<1>(weights, b[Speeds], h[1]);
    std::copy_n(h[0], inputs, d_x);
    std::copy_n(h[1], places, d_x + inputs);
  }

  /// Evaluates how what the last `forward` gave changes as the weights change along a direction; any number of times.
  ///
  /// Math: as in `LagrangianForward::tangent`.
  /// Shapes: weights, along as in `MlpLayout`; tangent as y.
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    alignas(64) Vector z[hidden], t, side, h[1 + directions],
        moved;  // z', then δ'; h' and e' of the layer below
    Pack<Scalar> sums[curvatures] = {};
    unroll<hidden>([&](auto k) {
      constexpr int l = k + 1;
      Kept& here = kept(l);
      alignas(64) Vector turns[directions];  // t'
      value_product<l>(along, z[k]);
      for (int d = 0; d < directions; ++d) slope_product<l>(along, d, turns[d]);
      if constexpr (l > 1)
        for (int d = 0; d <= directions; ++d) {
          Scalar* to = d == 0 ? z[k] : turns[d - 1];
          product<l>(weights, h[d], side);
          for (int i = 0; i < padded(l); i += lanes<Scalar>) store(to + i, load(to + i) + load(side + i));
        }
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        const Pack<Scalar> first = load(here.slope + i), by = load(z[k] + i), bent = load(here.bend + i);
        store(h[0] + i, first * by);
        for (int d = 0; d < directions; ++d)
          store(h[1 + d] + i, load(here.second + i) * by * load(here.t[d] + i) + first * load(turns[d] + i));
        for_each_curvature<Speeds>([&](int m, int n, int index) {
          const Pack<Scalar> t_m = load(here.t[m] + i), t_n = load(here.t[n] + i);
          sums[index] += load(here.twist + i) * by * t_m * t_n +
                         bent * (load(turns[m] + i) * t_n + t_m * load(turns[n] + i));
        });
      }
    });
    const Scalar *out = weights + Layout::weight(hidden), *moved_out = along + Layout::weight(hidden);
    tangent[0] = along[Layout::bias(hidden)];
    for (int i = 0; i < width(hidden); ++i)
      tangent[0] += moved_out[i] * kept(hidden).h[0][i] + out[i] * h[0][i];
    const Scalar* adjoint = moved_out;  // g'
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      Kept& here = kept(l);
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        const Pack<Scalar> g = load(adjoint + i), bent = load(here.second + i) * g;
        store(t + i, load(here.bend + i) * load(z[l - 1] + i) + load(here.slope + i) * g);
        for_each_curvature<Speeds>([&](int m, int n, int index) {
          sums[index] += bent * load(here.t[m] + i) * load(here.t[n] + i);
        });
      }
      transposed<l>(along, here.delta, moved);
      transposed<l>(weights, t, side);
      for (int i = 0; i < padded(l - 1); i += lanes<Scalar>)
        store(moved + i, load(moved + i) + load(side + i));
      adjoint = moved;
    });
    std::copy_n(moved, inputs, tangent + 1);
    for (int c = 0; c < curvatures; ++c) tangent[1 + inputs + c] = sum<Scalar>(sums[c]);
  }

 private:
  /// to = W_l from.
  template <int l, Start start = Start::zero, int columns = width(l - 1)>
  static void product(const Scalar* weights, const Scalar* from, Scalar* to) {
    multiply_vector<Layout::leading(l - 1), columns, start>(
        weights + Layout::weight(l - 1), from, to,
        start == Start::bias ? weights + Layout::bias(l - 1) : nullptr);
  }
  /// to = W_l h_(l−1) + b_l.
  template <int l>
  void value_product(const Scalar* weights, Scalar* to) {
    if constexpr (l == 1)
      product<l, Start::bias>(weights, x_, to);
    else
      product<l, Start::bias>(weights, kept(l - 1).h[0], to);
  }
  /// to = W_l e^d_(l−1): of the first layer a column, or the product with the direction of q.
  template <int l>
  void slope_product(const Scalar* weights, int d, Scalar* to) {
    if constexpr (l > 1)
      product<l>(weights, kept(l - 1).h[1 + d], to);
    else if (d < Speeds)
      std::copy_n(weights + Layout::weight(0) + (places + d) * Layout::leading(0), padded(1), to);
    else
      product<1, Start::zero, places>(weights, x_ + inputs, to);
  }
  /// to = W_lᵀ from.
  template <int l>
  static void transposed(const Scalar* weights, const Scalar* from, Scalar* to) {
    multiply_vector_transposed<Layout::leading(l - 1), width(l - 1), padded(l - 1)>(
        weights + Layout::weight(l - 1), from, to);
  }
};

}  // namespace metriplex
