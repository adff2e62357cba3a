#pragma once

#include "metriplex/nn/networks.hpp"
#include "metriplex/nn/product.hpp"
#include "metriplex/nn/transpose.hpp"

namespace metriplex {

/// Evaluates a vector network at a tile of points, and pulls cotangents of its values back to the weights and the
/// points.
///
/// Tiles are stored points first, [Points x features], as in `GradientSweep`.
/// Math: z_l = W_l h_(l−1) + b_l, h_l = σ(z_l), y = z_L; a_L = d_y, a_l = σ'(z_l) ⊙ W_(l+1)ᵀ a_(l+1); dW_l += a_l h_(l−1)ᵀ,
/// db_l += a_l, dx = W_1ᵀ a_1.
/// Cost: three n × n products a layer and a point.
/// Not: for one point, see `PointValueSweep`; for gradients of a potential, `GradientSweep`.
template <class Net, RealScalar Scalar, int Points>
class ValueSweep {
  static_assert(Points % lanes<Scalar> == 0, "a tile holds a multiple of the vector width of points");

  using Layout = MlpLayout<Net, Scalar>;
  static constexpr int last = Net::layers;
  static constexpr int width(int l) { return Net::sizes[static_cast<std::size_t>(l)]; }
  static constexpr int rows(int l) { return round_up(width(l), lanes<Scalar>); }
  static constexpr int widest = [] {
    int most = 0;
    for (int l = 0; l <= last; ++l) most = std::max(most, rows(l));
    return most;
  }();
  /// Where h of layer l lies, and, one tile on, σ'.
  static constexpr int values(int l) {
    int offset = 0;
    for (int k = 0; k < l; ++k) offset += (k == 0 ? 1 : 2) * Points * width(k);
    return offset;
  }

  alignas(64) Scalar memory_[values(last) + 1];
  alignas(64) Scalar a_[Points * widest], d_h_[Points * widest], transposed_[Points * widest];

 public:
  static constexpr int points = Points;

  /// Evaluates the values, and keeps what `pullback` needs.
  ///
  /// Shapes: weights as in `MlpLayout`; x [Points x inputs]; y [Points x outputs].
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) {
    if constexpr (width(0) > 0) std::copy_n(x, Points * width(0), memory_);
    if constexpr (last > 1)  // constants have no activation
      unroll<last - 1>([&](auto k) {
        constexpr int l = k + 1;
        Scalar *h = memory_ + values(l), *slope = h + Points * width(l);
        affine<l>(weights, h, [&](int from, int to) {
          for (int i = from * Points; i < to * Points; i += lanes<Scalar>) {
            const ActivationValues<Scalar> sigma = Net::Activation::template evaluate<Scalar>(load(h + i));
            store(h + i, sigma.value);
            store(slope + i, sigma.first);
          }
        });
      });
    affine<last>(weights, y, NoEpilogue{});
  }

  /// Pulls cotangents back through the last `forward`: accumulates into `d_weights` or, if `overwrite`, overwrites all
  /// but its padding; overwrites `d_x`.
  ///
  /// Shapes: d_y [Points x outputs]; d_weights as weights, or null; d_x [Points x inputs] or null.
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_weights, Scalar* d_x,
                bool overwrite = false) {
    std::copy_n(d_y, Points * width(last), a_);
    unroll<last>([&](auto k) {
      constexpr int l = last - k;
      if (d_weights != nullptr) layer_gradient<l>(d_weights, overwrite);
      if constexpr (l > 1) {
        const Scalar* slope = memory_ + values(l - 1) + Points * width(l - 1);
        transposed<l>(weights, d_h_);
        for (int i = 0; i < Points * width(l - 1); i += lanes<Scalar>)
          store(a_ + i, load(slope + i) * load(d_h_ + i));
      }
    });
    if constexpr (width(0) > 0)
      if (d_x != nullptr) transposed<1>(weights, d_x);
  }

  /// Evaluates how the values of the last `forward` change as the weights change along a direction.
  ///
  /// Math: z'_l = W'_l h_(l−1) + b'_l + W_l h'_(l−1), h'_l = σ' ⊙ z'_l.
  /// Shapes: weights, along as in `MlpLayout`; tangent [Points x outputs].
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    unroll<last>([&](auto k) {
      constexpr int l = k + 1;
      Scalar* z = l == last ? tangent : d_h_;
      affine<l>(along, z, NoEpilogue{});
      if constexpr (l > 1) {
        multiply<Points, width(l), Points, Layout::leading(l - 1), 1, Points, Start::matrix>(
            width(l - 1), a_, weights + Layout::weight(l - 1), z, z);
      }
      if constexpr (l < last) {
        const Scalar* slope = memory_ + values(l) + Points * width(l);
        for (int i = 0; i < Points * width(l); i += lanes<Scalar>)
          store(a_ + i, load(slope + i) * load(z + i));
      }
    });
  }

 private:
  /// to = W_l h_(l−1) + b_l.
  template <int l, class Epilogue>
  void affine(const Scalar* weights, Scalar* to, const Epilogue& epilogue) {
    multiply<Points, width(l), Points, Layout::leading(l - 1), 1, Points, Start::bias>(
        width(l - 1), memory_ + values(l - 1), weights + Layout::weight(l - 1), to,
        weights + Layout::bias(l - 1), epilogue);
  }

  /// to = W_lᵀ a_l.
  template <int l>
  void transposed(const Scalar* weights, Scalar* to) {
    multiply<Points, width(l - 1), Points, 1, Layout::leading(l - 1), Points, Start::zero>(
        width(l), a_, weights + Layout::weight(l - 1), to);
  }

  /// dW_l += a_l h_(l−1)ᵀ and db_l += a_l, with a transposed.
  template <int l>
  void layer_gradient(Scalar* d_weights, bool overwrite) {
    constexpr int leading = Layout::leading(l - 1);
    Scalar *d_weight = d_weights + Layout::weight(l - 1), *d_bias = d_weights + Layout::bias(l - 1);
    const Scalar* h = memory_ + values(l - 1);
    if constexpr (leading == 1) {  // one output: a contiguous row
      for (int k = 0; k <= width(l - 1); ++k) {
        Pack<Scalar> sums{};
        for (int p = 0; p < Points; p += lanes<Scalar>)
          sums += k < width(l - 1) ? load(a_ + p) * load(h + k * Points + p) : load(a_ + p);
        Scalar* to = k < width(l - 1) ? d_weight + k : d_bias;
        *to = sum<Scalar>(sums) + (overwrite ? Scalar(0) : *to);
      }
    } else {
      static_assert(leading >= rows(l));
      transpose_tile<Points, width(l), rows(l)>(a_, transposed_);
      if constexpr (width(l - 1) > 0)
        multiply<rows(l), width(l - 1), rows(l), 1, Points, leading, Start::matrix>(
            Points, transposed_, h, d_weight, overwrite ? nullptr : d_weight);
      sum_points<Points, rows(l)>(transposed_, d_bias, overwrite);
    }
  }
};

}  // namespace metriplex
