#pragma once

#include "metriplex/nn/matrix_vector.hpp"
#include "metriplex/nn/networks.hpp"

namespace metriplex {

/// Evaluates a vector network at one point, and pulls cotangents of its values back to the point.
///
/// Registers hold several features of the point, as in `PointSweep`.
/// Math: as in `ValueSweep`.
template <class Net, RealScalar Scalar>
class PointValueSweep {
  using Layout = MlpLayout<Net, Scalar>;
  static constexpr int last = Net::layers;
  static constexpr int width(int l) { return Net::sizes[static_cast<std::size_t>(l)]; }
  static constexpr int padded(int l) { return round_up(width(l), Layout::alignment); }
  static constexpr int widest = [] {
    int most = 0;
    for (int l = 0; l <= last; ++l) most = std::max(most, padded(l));
    return most;
  }();

  alignas(64) Scalar slope_[last][widest];  // σ' of layer l in row l
  alignas(64) Scalar value_[last][widest];  // h of layer l in row l, the point in row 0

 public:
  static constexpr int points = 1;

  /// Evaluates the values, and keeps what `pullback` and `tangent` need.
  ///
  /// Shapes: weights as in `MlpLayout`; x [inputs]; y [outputs].
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) {
    alignas(64) Scalar z[widest];
    const Scalar* input = x;
    std::copy_n(x, width(0), value_[0]);
    if constexpr (last > 1)  // constants have no activation
      unroll<last - 1>([&](auto k) {
        constexpr int l = k + 1;
        multiply_vector<Layout::leading(l - 1), width(l - 1), Start::bias>(
            weights + Layout::weight(l - 1), input, z, weights + Layout::bias(l - 1));
        for (int i = 0; i < padded(l); i += lanes<Scalar>) {
          const ActivationValues<Scalar> sigma = Net::Activation::template evaluate<Scalar>(load(z + i));
          store(value_[l] + i, sigma.value);
          store(slope_[l] + i, sigma.first);
        }
        input = value_[l];
      });
    affine<last, Start::bias>(weights, input, z);
    std::copy_n(z, width(last), y);
  }

  /// Evaluates how the values of the last `forward` change as the weights change along a direction; any number of times.
  ///
  /// Math: as in `ValueSweep::tangent`.
  /// Shapes: weights, along as in `MlpLayout`; tangent [outputs].
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    alignas(64) Scalar z[widest], side[widest], h[widest];  // z' of the layer, h' of the one below
    unroll<last>([&](auto k) {
      constexpr int l = k + 1;
      affine<l, Start::bias>(along, value_[l - 1], z);
      if constexpr (l > 1) {
        affine<l, Start::zero>(weights, h, side);
        for (int i = 0; i < width(l); ++i) z[i] += side[i];
      }
      if constexpr (l < last) {
        for (int i = width(l); i < padded(l); ++i) z[i] = Scalar(0);
        for (int i = 0; i < padded(l); i += lanes<Scalar>) store(h + i, load(slope_[l] + i) * load(z + i));
      }
    });
    std::copy_n(z, width(last), tangent);
  }

  /// Pulls cotangents back through the last `forward` to the point; any number of times.
  ///
  /// Shapes: d_y [outputs]; d_x [inputs].
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_x) {
    alignas(64) Scalar a[widest] = {}, d_h[widest];
    std::copy_n(d_y, width(last), a);
    unroll<last>([&](auto k) {
      constexpr int l = last - k;
      if constexpr (width(l - 1) > 0) {
        if constexpr (Layout::leading(l - 1) == 1)
          for (int i = 0; i < padded(l - 1); ++i)
            d_h[i] = i < width(l - 1) ? a[0] * weights[Layout::weight(l - 1) + i] : Scalar(0);
        else
          multiply_vector_transposed<Layout::leading(l - 1), width(l - 1), padded(l - 1)>(
              weights + Layout::weight(l - 1), a, d_h);
        if constexpr (l > 1)
          for (int i = 0; i < padded(l - 1); i += lanes<Scalar>)
            store(a + i, load(slope_[l - 1] + i) * load(d_h + i));
      }
    });
    std::copy_n(d_h, width(0), d_x);
  }

 private:
  /// to = W_l from (+ b_l); the last layer may have one row, without padding, or no columns.
  template <int l, Start start>
  void affine(const Scalar* weights, const Scalar* from, Scalar* to) {
    const Scalar *w = weights + Layout::weight(l - 1), *b = weights + Layout::bias(l - 1);
    if constexpr (width(l - 1) == 0) {
      for (int i = 0; i < width(l); ++i) to[i] = start == Start::bias ? b[i] : Scalar(0);
    } else if constexpr (Layout::leading(l - 1) == 1) {
      *to = start == Start::bias ? *b : Scalar(0);
      for (int i = 0; i < width(l - 1); ++i) *to += w[i] * from[i];
    } else {
      multiply_vector<Layout::leading(l - 1), width(l - 1), start>(w, from, to,
                                                                   start == Start::bias ? b : nullptr);
    }
  }
};

}  // namespace metriplex
