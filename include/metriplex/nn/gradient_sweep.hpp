#pragma once

#include "metriplex/nn/mlp.hpp"
#include "metriplex/nn/product.hpp"
#include "metriplex/nn/sweep_layout.hpp"
#include "metriplex/nn/transpose.hpp"

namespace metriplex {

/// Evaluates a scalar network and its gradient at a tile of points, and pulls cotangents of both back to the
/// weights and the points. It is the hot path: everything else in the library prepares it or uses it.
///
/// Tiles are stored points first, [Points x features]: a register holds one feature of several points, so
/// sizes need no padding, biases and weights are broadcasts, and W and Wᵀ are read from the same memory. What
/// is done to a product elementwise is done to each strip of it before it leaves the cache.
///
/// Math: z_l = W_l h_(l−1) + b_l, h_l = σ(z_l); δ_l = σ'(z_l) ⊙ g_l, g_(l−1) = W_lᵀ δ_l; ∇ₓH = W_1ᵀ δ_1.
/// Pullback of a cotangent v of ∇ₓH and s of H, which is the derivative of the gradient along v:
///   up    t_1 = W_1 v,  e_l = σ'(z_l) ⊙ t_l,  t_(l+1) = W_(l+1) e_l
///   down  a_l = σ''(z_l) ⊙ g_l ⊙ t_l + σ'(z_l) ⊙ W_(l+1)ᵀ a_(l+1),  a_L = s
///   dW_l += δ_l e_(l−1)ᵀ + a_l h_(l−1)ᵀ  (e_0 = v, h_0 = x, δ_L = 1),  db_l += a_l,  dx = W_1ᵀ a_1.
/// (Pearlmutter 1994, "Fast exact multiplication by the Hessian".)
/// Cost: six n × n products a layer and a point, no tape; memory independent of the number of points.
/// Not: for one point, see `PointSweep`.
template <class Net, RealScalar Scalar, int Points>
class GradientSweep {
  static_assert(Net::outputs == 1, "a potential is a network with one output");
  static_assert(Points % lanes<Scalar> == 0, "a tile holds a multiple of the vector width of points");

  using Layout = MlpLayout<Net, Scalar>;
  using Activation = typename Net::Activation;
  using Memory = SweepLayout<Net, Scalar, Points>;
  static constexpr int hidden = Net::layers - 1;

  alignas(64) Scalar memory_[Memory::size];
  Scalar* at(int offset) { return memory_ + offset; }

 public:
  static constexpr int points = Points;

  /// Evaluates value and gradient, and keeps what `pullback` needs if `keep`.
  ///
  /// Shapes: weights as in `MlpLayout`; x [Points x inputs]; value [Points] or null; gradient [Points x
  /// inputs].
  template <bool keep>
  void forward(const Scalar* weights, const Scalar* x, Scalar* value, Scalar* gradient) {
    copy_in(x, at(Memory::values(0)));
    unroll<hidden>([&](auto k) { up<k + 1, keep>(weights); });
    if (value != nullptr) {
      multiply<Points, 1, Memory::column, 1, 0, Points, Start::bias>(
          Memory::width(hidden), at(Memory::values(hidden)), weights + Layout::weight(hidden), value,
          weights + Layout::bias(hidden));
    }
    unroll<hidden - 1>([&](auto k) { down<hidden - 1 - k, keep>(weights); });
    transposed<1>(weights, at(Memory::adjoint(1)), gradient);
  }

  /// Pulls cotangents back through the last `forward<true>`: accumulates into `d_weights` or, if `overwrite`,
  /// overwrites all but its padding; overwrites `d_x`.
  ///
  /// Shapes: d_value [Points] or null (zero); d_gradient [Points x inputs]; d_weights as weights, or null;
  /// d_x [Points x inputs] or null. Any number of times.
  void pullback(const Scalar* weights, const Scalar* d_value, const Scalar* d_gradient, Scalar* d_weights,
                Scalar* d_x, bool overwrite = false) {
    copy_in(d_gradient, at(Memory::values(0) + Memory::tangent));
    unroll<hidden>([&](auto k) { tangent_up<k + 1>(weights); });
    if (d_value != nullptr)  // σ' ⊙ W_Lᵀ s, of which σ' ⊙ W_Lᵀ is δ
      for_each_pack<hidden>([&](int i, int, int) {
        Scalar* a = at(Memory::pulled(hidden) + i);
        store(a, load(a) + load(at(Memory::adjoint(hidden) + i)) * load(d_value + i % Points));
      });
    if (d_weights != nullptr)
      output_gradient<Points, Memory::width(hidden), Memory::column, Memory::tangent>(
          at(Memory::values(hidden)), d_value, d_weights + Layout::weight(hidden),
          d_weights + Layout::bias(hidden), overwrite);
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      if (d_weights != nullptr) layer_gradient<l>(d_weights, overwrite);
      if constexpr (l > 1)
        transposed<l>(weights, at(Memory::pulled(l)), at(Memory::sides), [&](int from, int to) {
          for_each_pack<l - 1>(
              [&](int i, int h, int) {
                Scalar* a = at(Memory::pulled(l - 1) + i);
                const Pack<Scalar> slope = load(at(Memory::slope(l - 1) + i));
                store(a, curvature<l - 1>(i, h, slope) * load(a) + slope * load(at(Memory::sides + i)));
              },
              from, to);
        });
    });
    if (d_x != nullptr) transposed<1>(weights, at(Memory::pulled(1)), d_x);
  }

  /// Evaluates how the gradient of the last `forward<true>` changes as the weights change along a direction; any number
  /// of times.
  ///
  /// Math: z'_l = W'_l h_(l−1) + b'_l + W_l h'_(l−1), h'_l = σ' ⊙ z'_l; δ'_l = σ'' ⊙ z'_l ⊙ g_l + σ' ⊙ g'_l,
  /// g'_(l−1) = W'_lᵀ δ_l + W_lᵀ δ'_l, g'_L = w'_L.
  /// Shapes: weights, along as in `MlpLayout`; tangent [Points x inputs].
  /// Cost: four n × n products a layer and a point, twice that of `forward`.
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    unroll<hidden>([&](auto k) { along_up<k + 1>(weights, along); });
    unroll<hidden - 1>([&](auto k) { along_down<hidden - 1 - k>(weights, along); });
    transposed<1>(along, at(Memory::adjoint(1)), tangent);
    transposed<1>(weights, at(Memory::pulled(1)), at(Memory::sides));
    for (int i = 0; i < Points * Memory::width(0); i += lanes<Scalar>)
      store(tangent + i, load(tangent + i) + load(at(Memory::sides + i)));
  }

 private:
  /// Calls body(i, h, k) for the packs of features `from` … `to` − 1 of layer l: i a pack's offset in a plain
  /// tile, h among h's columns, k its feature.
  template <int l, class Body>
  [[gnu::always_inline]] void for_each_pack(Body&& body, int from = 0, int to = Memory::width(l)) {
    for (int k = from; k < to; ++k)
      for (int p = 0; p < Points; p += lanes<Scalar>) body(k * Points + p, k * Memory::column + p, k);
  }

  void copy_in(const Scalar* from, Scalar* to) {
    for (int k = 0; k < Memory::width(0); ++k)
      for (int p = 0; p < Points; p += lanes<Scalar>)
        store(to + k * Memory::column + p, load(from + k * Points + p));
  }

  /// to = W_l from (+ b_l); `from` among h's columns, `to` with columns `To` apart.
  template <int l, Start start, int To, class Epilogue>
  void affine(const Scalar* weights, const Scalar* from, Scalar* to, const Epilogue& epilogue) {
    multiply<Points, Memory::width(l), Memory::column, Layout::leading(l - 1), 1, To, start>(
        Memory::width(l - 1), from, weights + Layout::weight(l - 1), to, weights + Layout::bias(l - 1),
        epilogue);
  }

  /// to = W_lᵀ from; both plain tiles.
  template <int l, class Epilogue = NoEpilogue>
  void transposed(const Scalar* weights, const Scalar* from, Scalar* to, const Epilogue& epilogue = {}) {
    multiply<Points, Memory::width(l - 1), Points, 1, Layout::leading(l - 1), Points, Start::zero>(
        Memory::width(l), from, weights + Layout::weight(l - 1), to, nullptr, epilogue);
  }

  /// σ'' ⊙ g of layer l at pack i of a tile, h among h's columns.
  template <int l>
  [[gnu::always_inline]] Pack<Scalar> curvature(int i, int h, const Pack<Scalar>& slope) {
    if constexpr (Memory::stores_curvature)
      return load(at(Memory::curvature(l) + i));
    else
      return Activation::template second_by_first<Scalar>(load(at(Memory::values(l) + h)), slope) *
             load(at(Memory::adjoint(l) + i));
  }

  /// h_l, σ'_l and, if stored, σ''_l; of the last layer, whose g is the output's weights, δ and σ'' ⊙ g.
  template <int l, bool keep>
  void up(const Scalar* weights) {
    Scalar* z = at(Memory::values(l));
    const Scalar* out = weights + Layout::weight(hidden);
    affine<l, Start::bias, Memory::column>(weights, at(Memory::values(l - 1)), z, [&](int from, int to) {
      for_each_pack<l>(
          [&](int i, int h, int k) {
            const ActivationValues<Scalar> sigma = Activation::template evaluate<Scalar>(load(z + h));
            store(z + h, sigma.value);
            store(at(Memory::slope(l) + i), sigma.first);
            if constexpr (l == hidden) store(at(Memory::adjoint(l) + i), sigma.first * broadcast(out[k]));
            if constexpr (keep && Memory::stores_curvature)
              store(at(Memory::curvature(l) + i),
                    l == hidden ? sigma.second * broadcast(out[k]) : sigma.second);
          },
          from, to);
    });
  }

  /// δ_l, in the place of g_l, and, if `keep` and stored, σ'' ⊙ g.
  template <int l, bool keep>
  void down(const Scalar* weights) {
    Scalar *g = at(Memory::adjoint(l)), *bend = at(Memory::curvature(l));
    transposed<l + 1>(weights, at(Memory::adjoint(l + 1)), g, [&](int from, int to) {
      for_each_pack<l>(
          [&](int i, int, int) {
            const Pack<Scalar> g_l = load(g + i);
            store(g + i, load(at(Memory::slope(l) + i)) * g_l);
            if constexpr (keep && Memory::stores_curvature) store(bend + i, load(bend + i) * g_l);
          },
          from, to);
    });
  }

  /// t_l and e_l; of the last layer, a in the place of t.
  template <int l>
  void tangent_up(const Scalar* weights) {
    Scalar* t = at(Memory::pulled(l));
    affine<l, Start::zero, Points>(
        weights, at(Memory::values(l - 1) + Memory::tangent), t, [&](int from, int to) {
          for_each_pack<l>(
              [&](int i, int h, int) {
                const Pack<Scalar> t_l = load(t + i), slope = load(at(Memory::slope(l) + i));
                store(at(Memory::values(l) + Memory::tangent + h), slope * t_l);
                if constexpr (l == hidden) store(t + i, curvature<l>(i, h, slope) * t_l);
              },
              from, to);
        });
  }

  /// z'_l, in t's place, and h'_l, in e's; of the last layer, δ' in the place of t.
  template <int l>
  void along_up(const Scalar* weights, const Scalar* along) {
    Scalar* z = at(Memory::pulled(l));
    const Scalar* out_along = along + Layout::weight(hidden);
    affine<l, Start::bias, Points>(along, at(Memory::values(l - 1)), z, NoEpilogue{});
    if constexpr (l > 1)
      affine<l, Start::zero, Points>(weights, at(Memory::values(l - 1) + Memory::tangent), at(Memory::sides),
                                     NoEpilogue{});
    for_each_pack<l>([&](int i, int h, int k) {
      Pack<Scalar> z_l = load(z + i);
      if constexpr (l > 1) z_l += load(at(Memory::sides + i));
      const Pack<Scalar> slope = load(at(Memory::slope(l) + i));
      store(at(Memory::values(l) + Memory::tangent + h), slope * z_l);
      if constexpr (l == hidden) z_l = curvature<l>(i, h, slope) * z_l + slope * broadcast(out_along[k]);
      store(z + i, z_l);
    });
  }

  /// δ'_l, in the place of z'_l.
  template <int l>
  void along_down(const Scalar* weights, const Scalar* along) {
    Scalar* moved = at(Memory::sides);
    transposed<l + 1>(along, at(Memory::adjoint(l + 1)), moved);
    transposed<l + 1>(weights, at(Memory::pulled(l + 1)), moved + Points * Memory::width(l));
    for_each_pack<l>([&](int i, int h, int) {
      const Pack<Scalar> slope = load(at(Memory::slope(l) + i));
      Scalar* a = at(Memory::pulled(l) + i);
      store(a, curvature<l>(i, h, slope) * load(a) +
                   slope * (load(moved + i) + load(moved + Points * Memory::width(l) + i)));
    });
  }

  /// dW_l += a_l h_(l−1)ᵀ + δ_l e_(l−1)ᵀ and db_l += a_l, with a and δ transposed side by side.
  template <int l>
  void layer_gradient(Scalar* d_weights, bool overwrite) {
    constexpr int rows = round_up(Memory::width(l), lanes<Scalar>), leading = Layout::leading(l - 1);
    static_assert(leading >= rows);
    Scalar* sides = at(Memory::sides);
    transpose_tile<Points, Memory::width(l), rows>(at(Memory::pulled(l)), sides);
    transpose_tile<Points, Memory::width(l), rows>(at(Memory::adjoint(l)), sides + rows * Points);
    Scalar* d_weight = d_weights + Layout::weight(l - 1);
    multiply<rows, Memory::width(l - 1), rows, 1, Memory::column, leading, Start::matrix>(
        2 * Points, sides, at(Memory::values(l - 1)), d_weight, overwrite ? nullptr : d_weight);
    sum_points<Points, rows>(sides, d_weights + Layout::bias(l - 1), overwrite);
  }
};

}  // namespace metriplex
