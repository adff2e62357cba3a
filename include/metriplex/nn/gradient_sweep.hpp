#pragma once

#include <cassert>

#include "metriplex/nn/mlp.hpp"
#include "metriplex/nn/product.hpp"
#include "metriplex/nn/sweep_layout.hpp"
#include "metriplex/nn/transpose.hpp"

namespace metriplex {

/// Evaluates a scalar network and its gradient at a tile of points, and pulls cotangents of both back to the
/// weights and the points. It is the hot path: everything else in the library prepares it or uses it.
///
/// Tiles are stored points first, [Points x features]: a register holds one feature of several points, so
/// sizes need no padding, biases and weights are broadcasts, and W and Wᵀ are read from the same memory. One
/// point alone (Points = 1) is a contiguous, padded vector of features; it has no pullback to the weights.
///
/// Math: z_l = W_l h_(l−1) + b_l, h_l = σ(z_l); δ_l = σ'(z_l) ⊙ g_l, g_(l−1) = W_lᵀ δ_l; ∇ₓH = W_1ᵀ δ_1.
/// Pullback of a cotangent v of ∇ₓH and s of H, which is the derivative of the gradient along v:
///   up    t_1 = W_1 v,  e_l = σ'(z_l) ⊙ t_l,  t_(l+1) = W_(l+1) e_l
///   down  a_l = σ''(z_l) ⊙ g_l ⊙ t_l + σ'(z_l) ⊙ W_(l+1)ᵀ a_(l+1),  a_L = s
///   dW_l += δ_l e_(l−1)ᵀ + a_l h_(l−1)ᵀ  (e_0 = v, h_0 = x, δ_L = 1),  db_l += a_l,  dx = W_1ᵀ a_1.
/// (Pearlmutter 1994, "Fast exact multiplication by the Hessian".)
/// Cost: six n × n products a layer and a point, no tape; memory independent of the number of points.
template <class Net, RealScalar Scalar, int Points>
class GradientSweep {
  static_assert(Net::outputs == 1, "a potential is a network with one output");
  static_assert(Points == 1 || Points % lanes<Scalar> == 0,
                "a tile holds one point or a multiple of the vector width");

  using Layout = MlpLayout<Net, Scalar>;
  using Activation = typename Net::Activation;
  static constexpr int hidden = Net::layers - 1;
  using Memory = SweepLayout<Net, Scalar, Points>;
  static constexpr bool single = Memory::single;

  alignas(64) Scalar memory_[Memory::size];
  Scalar* at(int offset) { return memory_ + offset; }

 public:
  static constexpr int points = Points;

  /// Evaluates value and gradient, and keeps what `pullback` needs if `keep`.
  ///
  /// Shapes: weights as in `MlpLayout`; x [Points x inputs]; value [Points] or null; gradient [Points x
  /// inputs] (for one point the same, unpadded).
  template <bool keep>
  void forward(const Scalar* weights, const Scalar* x, Scalar* value, Scalar* gradient) {
    copy_in(x, at(Memory::values(0)));
    unroll<hidden>([&](auto k) { up<k + 1, keep>(weights); });

    const Scalar* out = weights + Layout::weight(hidden);
    if (value != nullptr) {
      const Scalar* h = at(Memory::values(hidden));
      if constexpr (single) {
        *value = weights[Layout::bias(hidden)];
        for (int k = 0; k < Memory::width(hidden); ++k) *value += out[k] * h[k];
      } else {
        multiply<Points, 1, Memory::column, 1, 0, Points, Start::bias>(Memory::width(hidden), h, out, value,
                                                                       weights + Layout::bias(hidden));
      }
    }
    for_each_pack<hidden>([&](int i, int, int k) {
      const Pack<Scalar> g = factor(out, i, k);
      const int slope_i = Memory::slope(hidden) + i;
      store(at(Memory::adjoint(hidden) + i), load(at(slope_i)) * g);
      if constexpr (keep) scale(at(Memory::curvature(hidden) + i), g);
    });
    unroll<hidden - 1>([&](auto k) { down<hidden - 1 - k, keep>(weights); });
    transposed<1>(weights, at(Memory::adjoint(1)), at(Memory::scratch));
    copy_out(at(Memory::scratch), gradient);
  }

  /// Pulls cotangents back through the last `forward<true>`: accumulates into `d_weights`, overwrites `d_x`.
  ///
  /// Shapes: d_value [Points] or null (zero); d_gradient [Points x inputs]; d_weights as weights, or null;
  /// d_x [Points x inputs] or null. May be called once a `forward`, but for one point any number of times.
  void pullback(const Scalar* weights, const Scalar* d_value, const Scalar* d_gradient, Scalar* d_weights,
                Scalar* d_x) {
    assert((!single || d_weights == nullptr) && "one point alone has no pullback to the weights; use a tile");
    copy_in(d_gradient, at(Memory::values(0) + Memory::tangent));
    unroll<hidden>([&](auto k) {
      constexpr int l = k + 1;
      affine<l, Start::zero>(weights, at(Memory::values(l - 1) + Memory::tangent), at(Memory::scratch));
      for_each_pack<l>([&](int i, int h, int) {
        const Pack<Scalar> t = load(at(Memory::scratch + i));
        store(at(Memory::values(l) + Memory::tangent + h), load(at(Memory::slope(l) + i)) * t);
        // One point may be pulled back along several directions: its curvature must survive.
        store(at((single ? spare(l) : Memory::curvature(l)) + i), load(at(Memory::curvature(l) + i)) * t);
      });
    });

    const Scalar* out = weights + Layout::weight(hidden);
    if (d_value != nullptr) {
      for_each_pack<hidden>([&](int i, int, int k) {
        const Pack<Scalar> s = single ? broadcast(*d_value) : load(d_value + i % Points);
        add(at(bent(hidden) + i), load(at(Memory::slope(hidden) + i)) * factor(out, i, k) * s);
      });
    }
    if (d_weights != nullptr) output_gradient(d_value, d_weights);
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      if (d_weights != nullptr) layer_gradient<l>(d_weights);
      if constexpr (l > 1) {
        transposed<l>(weights, at(bent(l)), at(Memory::scratch));
        for_each_pack<l - 1>([&](int i, int, int) {
          add(at(bent(l - 1) + i), load(at(Memory::slope(l - 1) + i)) * load(at(Memory::scratch + i)));
        });
      }
    });
    if (d_x != nullptr) {
      transposed<1>(weights, at(bent(1)), at(Memory::scratch));
      copy_out(at(Memory::scratch), d_x);
    }
  }

 private:
  // For one point, h's and e's padding is as wide as the widest layer; a lives behind e in its own place.
  static constexpr int spare(int l) { return Memory::adjoint(l); }
  static constexpr int bent(int l) { return single ? spare(l) : Memory::curvature(l); }

  [[gnu::always_inline]] static void add(Scalar* to, const Pack<Scalar>& pack) { store(to, load(to) + pack); }
  [[gnu::always_inline]] static void scale(Scalar* to, const Pack<Scalar>& pack) {
    store(to, load(to) * pack);
  }

  /// Reads output weight(s) that belong to pack i, feature k.
  [[gnu::always_inline]] static Pack<Scalar> factor(const Scalar* out, int i, int k) {
    return single ? load(out + i) : broadcast(out[k]);
  }

  /// Calls body(i, h, k) for every pack of layer l: i its offset in a plain tile, h among h's columns, k the
  /// feature.
  template <int l, class Body>
  [[gnu::always_inline]] void for_each_pack(Body&& body) {
    if constexpr (single) {
      for (int i = 0; i < Memory::padded(l); i += lanes<Scalar>) body(i, i, 0);
    } else {
      for (int k = 0; k < Memory::width(l); ++k)
        for (int p = 0; p < Points; p += lanes<Scalar>) body(k * Points + p, k * Memory::column + p, k);
    }
  }

  void copy_in(const Scalar* from, Scalar* to) {
    for (int k = 0; k < Memory::width(0); ++k)
      for (int p = 0; p < Points; ++p) to[single ? k : k * Memory::column + p] = from[k * Points + p];
  }
  void copy_out(const Scalar* from, Scalar* to) {
    for (int i = 0; i < Points * Memory::width(0); ++i) to[i] = from[i];
  }

  /// to = W_l from (+ b_l); `from` among h's columns, `to` a plain tile.
  template <int l, Start start>
  void affine(const Scalar* weights, const Scalar* from, Scalar* to) {
    constexpr int leading = Layout::leading(l - 1);
    const Scalar* w = weights + Layout::weight(l - 1);
    const Scalar* b = weights + Layout::bias(l - 1);
    if constexpr (single) {
      if constexpr (start == Start::bias)
        for (int i = 0; i < leading; ++i) to[i] = b[i];
      constexpr Start from_bias = start == Start::bias ? Start::sum : Start::zero;
      multiply<leading, 1, leading, 1, 0, 0, from_bias>(Memory::width(l - 1), w, from, to);
    } else {
      multiply<Points, Memory::width(l), Memory::column, leading, 1, Points, start>(Memory::width(l - 1),
                                                                                    from, w, to, b);
    }
  }

  /// to = W_lᵀ from; both plain tiles.
  template <int l>
  void transposed(const Scalar* weights, const Scalar* from, Scalar* to) {
    constexpr int leading = Layout::leading(l - 1);
    const Scalar* w = weights + Layout::weight(l - 1);
    if constexpr (single)
      multiply_transposed<leading, Memory::width(l - 1), Memory::padded(l - 1)>(w, from, to);
    else
      multiply<Points, Memory::width(l - 1), Points, 1, leading, Points, Start::zero>(Memory::width(l), from,
                                                                                      w, to);
  }

  template <int l, bool keep>
  void up(const Scalar* weights) {
    affine<l, Start::bias>(weights, at(Memory::values(l - 1)), at(Memory::scratch));
    for_each_pack<l>([&](int i, int h, int) {
      const ActivationValues<Scalar> sigma =
          Activation::template evaluate<Scalar>(load(at(Memory::scratch + i)));
      store(at(Memory::values(l) + h), sigma.value);
      store(at(Memory::slope(l) + i), sigma.first);
      if constexpr (keep) store(at(Memory::curvature(l) + i), sigma.second);
    });
  }

  template <int l, bool keep>
  void down(const Scalar* weights) {
    transposed<l + 1>(weights, at(Memory::adjoint(l + 1)), at(Memory::adjoint(l)));
    for_each_pack<l>([&](int i, int, int) {
      const Pack<Scalar> g = load(at(Memory::adjoint(l) + i));
      store(at(Memory::adjoint(l) + i), load(at(Memory::slope(l) + i)) * g);
      if constexpr (keep) scale(at(Memory::curvature(l) + i), g);
    });
  }

  /// dW_l += a_l h_(l−1)ᵀ + δ_l e_(l−1)ᵀ and db_l += a_l, with a and δ transposed side by side.
  template <int l>
  void layer_gradient(Scalar* d_weights) {
    if constexpr (!single) {
      constexpr int rows = round_up(Memory::width(l), lanes<Scalar>), leading = Layout::leading(l - 1);
      static_assert(leading >= rows);
      Scalar* sides = at(Memory::scratch);
      transpose_tile<Points, Memory::width(l), rows>(at(Memory::curvature(l)), sides);
      transpose_tile<Points, Memory::width(l), rows>(at(Memory::adjoint(l)), sides + rows * Points);
      multiply<rows, Memory::width(l - 1), rows, 1, Memory::column, leading, Start::sum>(
          2 * Points, sides, at(Memory::values(l - 1)), d_weights + Layout::weight(l - 1));
      Scalar* d_bias = d_weights + Layout::bias(l - 1);
      for (int i = 0; i < rows; i += lanes<Scalar>) {
        Pack<Scalar> total = load(d_bias + i);
        for (int p = 0; p < Points; ++p) total += load(sides + p * rows + i);
        store(d_bias + i, total);
      }
    }
  }

  /// dW_L += e_(L−1)ᵀ + s h_(L−1)ᵀ, db_L += s, summed over the points.
  void output_gradient(const Scalar* d_value, Scalar* d_weights) {
    Scalar* d_out = d_weights + Layout::weight(hidden);
    for (int k = 0; k < Memory::width(hidden); ++k) {
      const Scalar* h = at(Memory::values(hidden) + k * Memory::column);
      Pack<Scalar> total{};
      for (int p = 0; p < Points; p += lanes<Scalar>) {
        total += load(h + Memory::tangent + p);
        if (d_value != nullptr) total += load(h + p) * load(d_value + p);
      }
      d_out[k] += sum<Scalar>(total);
    }
    if (d_value != nullptr)
      for (int p = 0; p < Points; ++p) d_weights[Layout::bias(hidden)] += d_value[p];
  }
};

}  // namespace metriplex
