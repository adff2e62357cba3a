#pragma once

#include <algorithm>

#include "metriplex/nn/matrix_vector.hpp"
#include "metriplex/nn/mlp.hpp"

namespace metriplex {

/// Evaluates a scalar network and its gradient at one point, and pulls cotangents of both back to the point:
/// what a control loop or an integrator calls.
///
/// Registers hold several features of the point; vectors are padded to whole registers.
/// Math: as in `GradientSweep`.
/// Cost: `forward` reads each weight matrix twice, which is what limits it; so does each `pullback`.
/// Not: for many points or the pullback to the weights, see `GradientSweep`.
template <class Net, RealScalar Scalar>
class PointSweep {
  static_assert(Net::outputs == 1, "a potential is a network with one output");

  using Layout = MlpLayout<Net, Scalar>;
  using Activation = typename Net::Activation;
  static constexpr int hidden = Net::layers - 1;
  static constexpr int width(int l) { return Net::sizes[static_cast<std::size_t>(l)]; }
  static constexpr int padded(int l) { return round_up(width(l), Layout::alignment); }
  static constexpr int widest = [] {
    int most = 0;
    for (int l = 0; l < Net::layers; ++l) most = std::max(most, padded(l));
    return most;
  }();

  using Vector = Scalar[widest];
  struct Kept {
    alignas(64) Vector slope;      // σ'
    alignas(64) Vector curvature;  // σ'', then σ''⊙g
    alignas(64) Vector value;      // h
    alignas(64) Vector adjoint;    // δ
  };
  Kept kept_[hidden];
  Scalar x_[width(0)];
  alignas(64) Scalar a_[hidden][widest];  // of a pullback

  Kept& kept(int l) { return kept_[l - 1]; }
  Scalar* a(int l) { return a_[l - 1]; }

 public:
  static constexpr int points = 1;

  /// Evaluates value and gradient, and keeps what `pullback` and `tangent` need if `keep`.
  ///
  /// Shapes: weights as in `MlpLayout`; x, gradient [inputs]; value [1] or null.
  template <bool keep>
  void forward(const Scalar* weights, const Scalar* x, Scalar* value, Scalar* gradient) {
    alignas(64) Vector z, h, g;
    if constexpr (keep) std::copy_n(x, width(0), x_);
    const Scalar* input = x;
    unroll<hidden>([&](auto k) {
      constexpr int l = k + 1;
      Scalar* values = keep ? kept(l).value : h;
      multiply_vector<Layout::leading(l - 1), width(l - 1), Start::bias>(
          weights + Layout::weight(l - 1), input, z, weights + Layout::bias(l - 1));
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        const ActivationValues<Scalar> sigma = Activation::template evaluate<Scalar>(load(z + i));
        store(values + i, sigma.value);
        store(kept(l).slope + i, sigma.first);
        if constexpr (keep) store(kept(l).curvature + i, sigma.second);
      }
      input = values;
    });

    const Scalar* out = weights + Layout::weight(hidden);
    if (value != nullptr) {
      *value = weights[Layout::bias(hidden)];
      for (int i = 0; i < width(hidden); ++i) *value += out[i] * input[i];
    }
    const Scalar* adjoint = out;
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      alignas(64) Vector scratch;
      Scalar* delta = keep ? kept(l).adjoint : scratch;
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        const Pack<Scalar> g_l = load(adjoint + i);
        store(delta + i, load(kept(l).slope + i) * g_l);
        if constexpr (keep) store(kept(l).curvature + i, load(kept(l).curvature + i) * g_l);
      }
      transposed<l>(weights, delta, g);
      adjoint = g;
    });
    for (int i = 0; i < width(0); ++i) gradient[i] = g[i];
  }

  /// Pulls cotangents back through the last `forward<true>` to the point; any number of times.
  ///
  /// Shapes: d_value [1] or null (zero); d_gradient, d_x [inputs].
  void pullback(const Scalar* weights, const Scalar* d_value, const Scalar* d_gradient, Scalar* d_x) {
    alignas(64) Vector e, t;
    const Scalar* input = d_gradient;
    unroll<hidden>([&](auto k) {
      constexpr int l = k + 1;
      multiply_vector<Layout::leading(l - 1), width(l - 1), Start::zero>(
          weights + Layout::weight(l - 1), input, t, static_cast<const Scalar*>(nullptr));
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        const Pack<Scalar> t_l = load(t + i);
        store(e + i, load(kept(l).slope + i) * t_l);
        store(a(l) + i, load(kept(l).curvature + i) * t_l);
      }
      input = e;
    });

    if (d_value != nullptr) {
      const Scalar* out = weights + Layout::weight(hidden);
      for (int i = 0; i < padded(hidden); i += lanes<Scalar>)
        store(a(hidden) + i,
              load(a(hidden) + i) + load(kept(hidden).slope + i) * load(out + i) * broadcast(*d_value));
    }
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      transposed<l>(weights, a(l), t);
      if constexpr (l > 1)
        for (int i = 0; i < padded(l - 1); i += lanes<Scalar>)
          store(a(l - 1) + i, load(a(l - 1) + i) + load(kept(l - 1).slope + i) * load(t + i));
    });
    for (int i = 0; i < width(0); ++i) d_x[i] = t[i];
  }

  /// Evaluates how the gradient of the last `forward<true>` changes as the weights change along a direction; any number of
  /// times.
  ///
  /// Math: as in `GradientSweep::tangent`.
  /// Shapes: weights, along as in `MlpLayout`; tangent [inputs].
  /// Cost: two passes over the weights and two over the direction.
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    alignas(64) Vector moved, side, h;     // h' of the layer below
    alignas(64) Scalar z[hidden][widest];  // z', then δ'
    const Scalar* input = x_;
    unroll<hidden>([&](auto k) {
      constexpr int l = k + 1;
      multiply_vector<Layout::leading(l - 1), width(l - 1), Start::bias>(along + Layout::weight(l - 1), input,
                                                                         z[k], along + Layout::bias(l - 1));
      if constexpr (l > 1)
        multiply_vector<Layout::leading(l - 1), width(l - 1), Start::zero>(
            weights + Layout::weight(l - 1), h, side, static_cast<const Scalar*>(nullptr));
      for (int i = 0; i < padded(l); i += lanes<Scalar>) {
        if constexpr (l > 1) store(z[k] + i, load(z[k] + i) + load(side + i));
        store(h + i, load(kept(l).slope + i) * load(z[k] + i));
      }
      input = kept(l).value;
    });
    const Scalar* adjoint = along + Layout::weight(hidden);  // g'
    unroll<hidden>([&](auto k) {
      constexpr int l = hidden - k;
      Scalar* d = z[l - 1];
      for (int i = 0; i < padded(l); i += lanes<Scalar>)
        store(d + i, load(kept(l).curvature + i) * load(d + i) + load(kept(l).slope + i) * load(adjoint + i));
      transposed<l>(along, kept(l).adjoint, moved);
      transposed<l>(weights, d, side);
      for (int i = 0; i < padded(l - 1); i += lanes<Scalar>)
        store(moved + i, load(moved + i) + load(side + i));
      adjoint = moved;
    });
    for (int i = 0; i < width(0); ++i) tangent[i] = moved[i];
  }

 private:
  /// to = W_lᵀ from.
  template <int l>
  void transposed(const Scalar* weights, const Scalar* from, Scalar* to) {
    multiply_vector_transposed<Layout::leading(l - 1), width(l - 1), padded(l - 1)>(
        weights + Layout::weight(l - 1), from, to);
  }
};

}  // namespace metriplex
