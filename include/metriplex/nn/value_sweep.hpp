#pragma once

#include "metriplex/nn/networks.hpp"
#include "metriplex/nn/product.hpp"
#include "metriplex/nn/transpose.hpp"

namespace metriplex {

/// Evaluates a vector network at a tile of points, with `Slopes` also its derivatives by the inputs, and pulls cotangents of
/// all of them back to the weights and the points.
///
/// Tiles are stored points first, [Points x features], as in `GradientSweep`; with `Slopes` a feature is 1 + inputs columns of
/// points, its value and its slopes t, and each product takes them all at once.
/// Math: z_l = W_l h_(l−1) + b_l, h_l = σ(z_l), y = z_L; a_L = d_y, a_l = σ'(z_l) ⊙ W_(l+1)ᵀ a_(l+1); dW_l += a_l h_(l−1)ᵀ,
/// db_l += a_l, dx = W_1ᵀ a_1. Slopes: u_l = W_l t_(l−1), t_l = σ'(z_l) ⊙ u_l, t_0 the unit vectors; with cotangents c of them,
/// a_l gains σ''(z_l) ⊙ Σ u_l ⊙ W_(l+1)ᵀ c_(l+1), c_l = σ'(z_l) ⊙ W_(l+1)ᵀ c_(l+1), dW_l += Σ c_l t_(l−1)ᵀ.
/// Cost: three n × n products a layer and a point, with `Slopes` 1 + inputs times as many.
/// Not: for one point, see `PointValueSweep`; for gradients of a potential, `GradientSweep`.
template <class Net, RealScalar Scalar, int Points, bool Slopes = false>
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
  static constexpr int directions = Slopes ? Net::inputs : 0;
  static constexpr int column = Points * (1 + directions);  // of a feature: its value, then its slopes
  /// Where h and t of layer l lie and, `column` a feature on, σ', with `Slopes` σ'' and u likewise.
  static constexpr int values(int l) {
    int offset = 0;
    for (int k = 0; k < l; ++k)
      offset += width(k) * (column + (k == 0 ? 0 : Slopes ? column + Points : Points));
    return offset;
  }
  static constexpr int slope(int l) { return values(l) + width(l) * column; }
  static constexpr int second(int l) { return slope(l) + width(l) * Points; }
  static constexpr int moved(int l) { return second(l) + width(l) * Points; }

  alignas(64) Scalar memory_[values(last) + 1];
  alignas(64) Scalar a_[column * widest], d_h_[column * widest], transposed_[column * widest];

 public:
  static constexpr int points = Points;

  /// Evaluates the values, and keeps what `pullback` needs.
  ///
  /// Shapes: weights as in `MlpLayout`; x [Points x inputs]; y [Points x outputs], with `Slopes` [Points x (1 + inputs) x
  /// outputs], of each output its value and then its slopes.
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) {
    for (int f = 0; f < width(0); ++f) {
      std::copy_n(x + f * Points, Points, memory_ + f * column);
      for (int k = 0; k < directions; ++k)
        std::fill_n(memory_ + f * column + (1 + k) * Points, Points, f == k ? Scalar(1) : Scalar(0));
    }
    if constexpr (last > 1)  // constants have no activation
      unroll<last - 1>([&](auto k) {
        constexpr int l = k + 1;
        affine<l>(weights, memory_ + values(l), [&](int from, int to) {
          for_each_pack(from, to, [&](int f, int p, int i) {
            Scalar* h = memory_ + values(l) + f * column + p;
            const ActivationValues<Scalar> sigma = Net::Activation::template evaluate<Scalar>(load(h));
            store(h, sigma.value);
            store(memory_ + slope(l) + i, sigma.first);
            if constexpr (Slopes) {
              store(memory_ + second(l) + i, sigma.second);
              for (int d = 0; d < directions; ++d) {
                Scalar* t = h + (1 + d) * Points;
                store(memory_ + moved(l) + (f * directions + d) * Points + p, load(t));
                store(t, sigma.first * load(t));
              }
            }
          });
        });
      });
    affine<last>(weights, y, NoEpilogue{});
  }

  /// Pulls cotangents back through the last `forward`: accumulates into `d_weights` or, if `overwrite`, overwrites all
  /// but its padding; overwrites `d_x`.
  ///
  /// Shapes: d_y as y; d_weights as weights, or null; d_x [Points x inputs] or null.
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_weights, Scalar* d_x,
                bool overwrite = false) {
    std::copy_n(d_y, column * width(last), a_);
    unroll<last>([&](auto k) {
      constexpr int l = last - k;
      if (d_weights != nullptr) layer_gradient<l>(d_weights, overwrite);
      if constexpr (l > 1) {
        multiply<column, width(l - 1), column, 1, Layout::leading(l - 1), column, Start::zero>(
            width(l), a_, weights + Layout::weight(l - 1), d_h_);
        for_each_pack(0, width(l - 1), [&](int f, int p, int i) {
          const int at = f * column + p;
          const Pack<Scalar> first = load(memory_ + slope(l - 1) + i);
          Pack<Scalar> a = first * load(d_h_ + at);
          if constexpr (Slopes) {
            Pack<Scalar> bent{};
            for (int d = 0; d < directions; ++d) {
              const Pack<Scalar> c = load(d_h_ + at + (1 + d) * Points);
              bent += load(memory_ + moved(l - 1) + (f * directions + d) * Points + p) * c;
              store(a_ + at + (1 + d) * Points, first * c);
            }
            a += load(memory_ + second(l - 1) + i) * bent;
          }
          store(a_ + at, a);
        });
      }
    });
    if constexpr (width(0) > 0)
      if (d_x != nullptr)
        multiply<Points, width(0), column, 1, Layout::leading(0), Points, Start::zero>(
            width(1), a_, weights + Layout::weight(0), d_x);
  }

  /// Evaluates how what the last `forward` gave changes as the weights change along a direction.
  ///
  /// Math: z'_l = W'_l h_(l−1) + b'_l + W_l h'_(l−1), h'_l = σ' ⊙ z'_l; u'_l = W'_l t_(l−1) + W_l t'_(l−1), t'_l = σ'' ⊙ z'_l ⊙ u_l +
  /// σ' ⊙ u'_l.
  /// Shapes: weights, along as in `MlpLayout`; tangent as y.
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    unroll<last>([&](auto k) {
      constexpr int l = k + 1;
      Scalar* z = l == last ? tangent : d_h_;
      affine<l>(along, z, NoEpilogue{});
      if constexpr (l > 1) {
        multiply<column, width(l), column, Layout::leading(l - 1), 1, column, Start::matrix>(
            width(l - 1), a_, weights + Layout::weight(l - 1), z, z);
      }
      if constexpr (l < last) {
        for_each_pack(0, width(l), [&](int f, int p, int i) {
          const int at = f * column + p;
          const Pack<Scalar> first = load(memory_ + slope(l) + i), by = load(z + at);
          store(a_ + at, first * by);
          for (int d = 0; d < directions; ++d) {
            const Scalar* u = memory_ + moved(l) + (f * directions + d) * Points + p;
            store(a_ + at + (1 + d) * Points,
                  load(memory_ + second(l) + i) * by * load(u) + first * load(z + at + (1 + d) * Points));
          }
        });
      }
    });
  }

 private:
  /// Calls body(f, p, i) for the packs of features `from` … `to` − 1: p the first of its points, i its place in a tile
  /// [Points x features].
  template <class Body>
  static void for_each_pack(int from, int to, Body&& body) {
    for (int f = from; f < to; ++f)
      for (int p = 0; p < Points; p += lanes<Scalar>) body(f, p, f * Points + p);
  }

  /// to = W_l (h_(l−1), t_(l−1)) + (b_l, 0).
  template <int l, class Epilogue>
  void affine(const Scalar* weights, Scalar* to, const Epilogue& epilogue) {
    const Scalar *weight = weights + Layout::weight(l - 1), *bias = weights + Layout::bias(l - 1);
    const Scalar* from = memory_ + values(l - 1);
    if constexpr (directions == 0)
      multiply<column, width(l), column, Layout::leading(l - 1), 1, column, Start::bias>(
          width(l - 1), from, weight, to, bias, epilogue);
    else
      multiply<column, width(l), column, Layout::leading(l - 1), 1, column, Start::zero>(
          width(l - 1), from, weight, to, nullptr, [&](int first, int end) {
            for_each_pack(first, end, [&](int f, int p, int) {
              store(to + f * column + p, load(to + f * column + p) + broadcast(bias[f]));
            });
            epilogue(first, end);
          });
  }

  /// dW_l += a_l h_(l−1)ᵀ + Σ c_l t_(l−1)ᵀ and db_l += a_l, with a and c transposed.
  template <int l>
  void layer_gradient(Scalar* d_weights, bool overwrite) {
    constexpr int leading = Layout::leading(l - 1);
    Scalar *d_weight = d_weights + Layout::weight(l - 1), *d_bias = d_weights + Layout::bias(l - 1);
    const Scalar* h = memory_ + values(l - 1);
    if constexpr (leading == 1) {  // one output: a contiguous row
      for (int k = 0; k <= width(l - 1); ++k) {
        Pack<Scalar> sums{};
        for (int p = 0; p < (k < width(l - 1) ? column : Points); p += lanes<Scalar>)
          sums += k < width(l - 1) ? load(a_ + p) * load(h + k * column + p) : load(a_ + p);
        Scalar* to = k < width(l - 1) ? d_weight + k : d_bias;
        *to = sum<Scalar>(sums) + (overwrite ? Scalar(0) : *to);
      }
    } else {
      static_assert(leading >= rows(l));
      transpose_tile<column, width(l), rows(l)>(a_, transposed_);
      if constexpr (width(l - 1) > 0)
        multiply<rows(l), width(l - 1), rows(l), 1, column, leading, Start::matrix>(
            column, transposed_, h, d_weight, overwrite ? nullptr : d_weight);
      sum_points<Points, rows(l)>(transposed_, d_bias, overwrite);
    }
  }
};

}  // namespace metriplex
