#pragma once

#include "metriplex/nn/matrix_vector.hpp"
#include "metriplex/nn/networks.hpp"

namespace metriplex {

/// Evaluates a vector network at one point, with `Slopes` also its derivatives by the inputs, and pulls cotangents of all of
/// them back to the point.
///
/// Registers hold several features of the point, as in `PointSweep`.
/// Math: as in `ValueSweep`.
template <class Net, RealScalar Scalar, bool Slopes = false>
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
  static constexpr int columns = Slopes ? 1 + Net::inputs : 1;  // of a feature: its value, then its slopes

  using Columns = Scalar[columns][widest];

  alignas(64) Columns value_[last];                               // h and t of layer l, the point in row 0
  alignas(64) Scalar slope_[last][widest];                        // σ' of layer l in row l
  alignas(64) Scalar second_[Slopes ? last : 1][widest];          // σ''
  alignas(64) Scalar moved_[Slopes ? last : 1][columns][widest];  // u, from 1 on

 public:
  static constexpr int points = 1;

  /// Evaluates the values, and keeps what `pullback` and `tangent` need.
  ///
  /// Shapes: weights as in `MlpLayout`; x [inputs]; y [outputs], with `Slopes` [(1 + inputs) x outputs].
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) {
    alignas(64) Columns z;
    std::copy_n(x, width(0), value_[0][0]);
    for (int d = 1; d < columns; ++d)
      for (int i = 0; i < width(0); ++i) value_[0][d][i] = i == d - 1 ? Scalar(1) : Scalar(0);
    if constexpr (last > 1)  // constants have no activation
      unroll<last - 1>([&](auto k) {
        constexpr int l = k + 1;
        affine<l>(weights, value_[l - 1], z);
        for (int i = 0; i < padded(l); i += lanes<Scalar>) {
          const ActivationValues<Scalar> sigma = Net::Activation::template evaluate<Scalar>(load(z[0] + i));
          store(value_[l][0] + i, sigma.value);
          store(slope_[l] + i, sigma.first);
          if constexpr (Slopes) {
            store(second_[l] + i, sigma.second);
            for (int d = 1; d < columns; ++d) {
              store(moved_[l][d] + i, load(z[d] + i));
              store(value_[l][d] + i, sigma.first * load(z[d] + i));
            }
          }
        }
      });
    affine<last>(weights, value_[last - 1], z);
    interleave_to(z, y);
  }

  /// Evaluates how what the last `forward` gave changes as the weights change along a direction; any number of times.
  ///
  /// Math: as in `ValueSweep::tangent`.
  /// Shapes: weights, along as in `MlpLayout`; tangent as y.
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    alignas(64) Columns z, side, h;  // z' and u' of the layer, h' and t' of the one below
    unroll<last>([&](auto k) {
      constexpr int l = k + 1;
      affine<l>(along, value_[l - 1], z);
      for (int d = 0; l > 1 && d < columns; ++d) {
        affine_column<l, Start::zero>(weights, h[d], side[d]);
        for (int i = 0; i < width(l); ++i) z[d][i] += side[d][i];
      }
      if constexpr (l < last) {
        for (int d = 0; d < columns; ++d)
          for (int i = width(l); i < padded(l); ++i) z[d][i] = Scalar(0);
        for (int i = 0; i < padded(l); i += lanes<Scalar>) {
          const Pack<Scalar> first = load(slope_[l] + i), by = load(z[0] + i);
          store(h[0] + i, first * by);
          if constexpr (Slopes)
            for (int d = 1; d < columns; ++d)
              store(h[d] + i, load(second_[l] + i) * by * load(moved_[l][d] + i) + first * load(z[d] + i));
        }
      }
    });
    interleave_to(z, tangent);
  }

  /// Pulls cotangents back through the last `forward` to the point; any number of times.
  ///
  /// Shapes: d_y as y; d_x [inputs].
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_x) {
    alignas(64) Columns a, d_h;
    for (int d = 0; d < columns; ++d)
      for (int i = 0; i < widest; ++i) a[d][i] = i < width(last) ? d_y[i * columns + d] : Scalar(0);
    unroll<last>([&](auto k) {
      constexpr int l = last - k;
      if constexpr (width(l - 1) > 0) {
        for (int d = 0; d < (l > 1 ? columns : 1); ++d) transposed<l>(weights, a[d], d_h[d]);
        if constexpr (l > 1)
          for (int i = 0; i < padded(l - 1); i += lanes<Scalar>) {
            const Pack<Scalar> first = load(slope_[l - 1] + i);
            Pack<Scalar> value = first * load(d_h[0] + i);
            if constexpr (Slopes) {
              Pack<Scalar> bent{};
              for (int d = 1; d < columns; ++d) {
                const Pack<Scalar> c = load(d_h[d] + i);
                bent += load(moved_[l - 1][d] + i) * c;
                store(a[d] + i, first * c);
              }
              value += load(second_[l - 1] + i) * bent;
            }
            store(a[0] + i, value);
          }
      }
    });
    std::copy_n(d_h[0], width(0), d_x);
  }

 private:
  static void interleave_to(const Columns& z, Scalar* y) {
    for (int i = 0; i < width(last); ++i)
      for (int d = 0; d < columns; ++d) y[i * columns + d] = z[d][i];
  }

  /// to = W_lᵀ from.
  template <int l>
  void transposed(const Scalar* weights, const Scalar* from, Scalar* to) {
    if constexpr (Layout::leading(l - 1) == 1)
      for (int i = 0; i < padded(l - 1); ++i)
        to[i] = i < width(l - 1) ? from[0] * weights[Layout::weight(l - 1) + i] : Scalar(0);
    else
      multiply_vector_transposed<Layout::leading(l - 1), width(l - 1), padded(l - 1)>(
          weights + Layout::weight(l - 1), from, to);
  }

  /// to = W_l from, the value + b_l.
  template <int l>
  void affine(const Scalar* weights, const Columns& from, Columns& to) {
    affine_column<l, Start::bias>(weights, from[0], to[0]);
    for (int d = 1; d < columns; ++d) affine_column<l, Start::zero>(weights, from[d], to[d]);
  }

  /// to = W_l from (+ b_l); the last layer may have one row, without padding, or no columns.
  template <int l, Start start>
  void affine_column(const Scalar* weights, const Scalar* from, Scalar* to) {
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
