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

 public:
  static constexpr int points = 1;

  /// Evaluates the values, and keeps what `pullback` needs.
  ///
  /// Shapes: weights as in `MlpLayout`; x [inputs]; y [outputs].
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) {
    alignas(64) Scalar z[widest], h[widest];
    const Scalar* input = x;
    if constexpr (last > 1)  // constants have no activation
      unroll<last - 1>([&](auto k) {
        constexpr int l = k + 1;
        multiply_vector<Layout::leading(l - 1), width(l - 1), Start::bias>(
            weights + Layout::weight(l - 1), input, z, weights + Layout::bias(l - 1));
        for (int i = 0; i < padded(l); i += lanes<Scalar>) {
          const ActivationValues<Scalar> sigma = Net::Activation::template evaluate<Scalar>(load(z + i));
          store(h + i, sigma.value);
          store(slope_[l] + i, sigma.first);
        }
        input = h;
      });
    const Scalar *out = weights + Layout::weight(last - 1), *bias = weights + Layout::bias(last - 1);
    if constexpr (width(last - 1) == 0) {
      std::copy_n(bias, width(last), y);
    } else if constexpr (Layout::leading(last - 1) == 1) {
      *y = *bias;
      for (int i = 0; i < width(last - 1); ++i) *y += out[i] * input[i];
    } else {
      multiply_vector<Layout::leading(last - 1), width(last - 1), Start::bias>(out, input, z, bias);
      std::copy_n(z, width(last), y);
    }
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
};

}  // namespace metriplex
