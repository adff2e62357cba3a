#pragma once

#include "metriplex/nn/curvatures.hpp"
#include "metriplex/nn/mlp.hpp"
#include "metriplex/nn/product.hpp"
#include "metriplex/nn/transpose.hpp"

namespace metriplex {

/// Evaluates a scalar network of (q, v), of which the last `Speeds` inputs are v, at a tile of points: value, gradient, second derivatives by v, and by v and along a
/// direction of q; and how they change with the weights. `LagrangianSweep` adds the pullback.
///
/// Tiles are stored points first, as in `ValueSweep`: a feature is its value h, its slopes e along the unit vectors of v and
/// along the direction, and a place for the pullback's e*; each product takes as many of them as it can at once.
/// Math: t^a_l = W_l e^a_(l−1), e^a_l = σ'(z_l) ⊙ t^a_l for direction a, with δ and g as in `GradientSweep`;
/// D²N[a, b] = Σ_l (σ''(z_l) ⊙ g_l) · (t^a_l ⊙ t^b_l), so that no slope goes down.
/// Cost: with n velocities, n + 3 products a layer and a point.
template <class Net, RealScalar Scalar, int Points, int Speeds = Net::inputs / 2>
class LagrangianForward {
  static_assert(Net::outputs == 1 && Speeds >= 1 && Net::inputs > Speeds,
                "a Lagrangian is a network of (q, v) with one output");
  static_assert(ThriceDifferentiable<typename Net::Activation>,
                "a Lagrangian needs an activation that knows its third derivative");
  static_assert(Points % lanes<Scalar> == 0, "a tile holds a multiple of the vector width of points");

 protected:
  using Layout = MlpLayout<Net, Scalar>;
  using Activation = typename Net::Activation;
  static constexpr int hidden = Net::layers - 1, inputs = Net::inputs, directions = Speeds + 1;
  static constexpr int moving = Points * (1 + directions);  // of a feature: h, then e
  static constexpr int column = moving + Points;            // and e*
  static constexpr int width(int l) { return Net::sizes[static_cast<std::size_t>(l)]; }
  static constexpr int rows(int l) { return round_up(width(l), lanes<Scalar>); }
  static constexpr int widest = [] {
    int most = 0;
    for (int l = 0; l <= hidden; ++l) most = std::max(most, rows(l));
    return most;
  }();
  // Of a layer: σ', σ'', σ''' ⊙ g, σ'' ⊙ g, δ, and a's start.
  enum Tile { slope, second, twist, bend, delta, pulled, tiles };
  /// Where h, e and e* of layer l lie; behind them, but of layer 0, t and then the tiles of one number a feature.
  static constexpr int values(int l) {
    int offset = 0;
    for (int k = 0; k < l; ++k)
      offset += width(k) * (column + (k == 0 ? 0 : Points * (directions + static_cast<int>(tiles))));
    return offset;
  }
  static constexpr int moved(int l) { return values(l) + width(l) * column; }
  static constexpr int kept(int l, Tile tile) {
    return moved(l) + width(l) * Points * (directions + static_cast<int>(tile));
  }

  alignas(64) Scalar memory_[values(hidden + 1)];
  alignas(64) Scalar a_[column * widest], d_h_[column * widest], transposed_[column * widest];
  Scalar* at(int offset) { return memory_ + offset; }

 public:
  static constexpr int points = Points, places = inputs - Speeds, curvatures = curvature_count(Speeds);

  /// Evaluates them, and keeps what `pullback` and `tangent` need.
  ///
  /// Shapes: weights as in `MlpLayout`; x [Points x (inputs + places)], the direction of q last; y [Points x (1 + inputs +
  /// curvatures)]: value, gradient, and what `for_each_curvature` lists.
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) {
    for (int f = 0; f < inputs; ++f) {
      Scalar* to = at(f * column);
      std::copy_n(x + f * Points, Points, to);
      for (int d = 0; d < Speeds; ++d)
        std::fill_n(to + (1 + d) * Points, Points, Scalar(f == places + d ? 1 : 0));
      if (f < places)
        std::copy_n(x + (inputs + f) * Points, Points, to + (1 + Speeds) * Points);
      else
        std::fill_n(to + (1 + Speeds) * Points, Points, Scalar(0));
    }
    unroll<hidden>([&](auto k) { up<k + 1>(weights); });
    multiply<Points, 1, column, 1, 0, Points, Start::bias>(width(hidden), at(values(hidden)),
                                                           weights + Layout::weight(hidden), y,
                                                           weights + Layout::bias(hidden));
    std::fill_n(y + (1 + inputs) * Points, curvatures * Points, Scalar(0));
    unroll<hidden>([&](auto k) { down<hidden - k>(weights, y + (1 + inputs) * Points); });
    transposed<1>(weights, at(kept(1, delta)), y + Points);
  }

  /// Evaluates how what the last `forward` gave changes as the weights change along a direction; any number of times.
  ///
  /// Math: z', t' and δ' are as in `ValueSweep::tangent` and `GradientSweep::tangent`; (σ'' ⊙ g)' = σ'' ⊙ g' + σ''' ⊙ g ⊙ z'.
  /// Shapes: weights, along as in `MlpLayout`; tangent as y.
  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    Scalar* curved = tangent + (1 + inputs) * Points;
    std::fill_n(curved, curvatures * Points, Scalar(0));
    unroll<hidden>([&](auto k) { along_up<k + 1>(weights, along, curved); });
    const int out = Layout::weight(hidden);
    multiply<Points, 1, column, 1, 0, Points, Start::bias>(width(hidden), at(values(hidden)), along + out,
                                                           tangent, along + Layout::bias(hidden));
    multiply<Points, 1, column, 1, 0, Points, Start::matrix>(width(hidden), a_, weights + out, tangent,
                                                             tangent);
    unroll<hidden>([&](auto k) { along_down<hidden - k>(weights, along, curved); });
    transposed<1>(along, at(kept(1, delta)), d_h_);
    transposed<1>(weights, at(kept(1, pulled)), tangent + Points);
    for (int i = 0; i < inputs * Points; ++i) tangent[Points + i] += d_h_[i];
  }

 protected:
  /// Calls body(f, p, i) for the packs of features `from` … `to` − 1: p the first of its points, i its place in a tile.
  template <class Body>
  static void for_each_pack(int from, int to, Body&& body) {
    for (int f = from; f < to; ++f)
      for (int p = 0; p < Points; p += lanes<Scalar>) body(f, p, f * Points + p);
  }

  /// t^d of a feature of layer l.
  template <int l>
  [[gnu::always_inline]] Pack<Scalar> motion(int f, int d, int p) {
    return load(at(moved(l)) + (f * directions + d) * Points + p);
  }

  /// to = W_lᵀ from, of `Rows` numbers a feature.
  template <int l, int Rows = Points, int From = Points, int To = From, class Epilogue = NoEpilogue>
  void transposed(const Scalar* weights, const Scalar* from, Scalar* to, const Epilogue& epilogue = {}) {
    multiply<Rows, width(l - 1), From, 1, Layout::leading(l - 1), To, Start::zero>(
        width(l), from, weights + Layout::weight(l - 1), to, nullptr, epilogue);
  }

  /// h_l, e_l, t_l and the activation's derivatives.
  template <int l>
  void up(const Scalar* weights) {
    Scalar* z = at(values(l));
    const Scalar* bias = weights + Layout::bias(l - 1);
    multiply<moving, width(l), column, Layout::leading(l - 1), 1, column, Start::zero>(
        width(l - 1), at(values(l - 1)), weights + Layout::weight(l - 1), z, nullptr, [&](int from, int to) {
          for_each_pack(from, to, [&](int f, int p, int i) {
            Scalar* h = z + f * column + p;
            const Pack<Scalar> argument = load(h) + broadcast(bias[f]);
            const ActivationValues<Scalar> sigma = Activation::template evaluate<Scalar>(argument);
            store(h, sigma.value);
            store(at(kept(l, slope)) + i, sigma.first);
            store(at(kept(l, second)) + i, sigma.second);
            store(at(kept(l, twist)) + i, Activation::template third<Scalar>(argument, sigma));
            for (int d = 0; d < directions; ++d) {
              Scalar* e = h + (1 + d) * Points;
              store(at(moved(l)) + (f * directions + d) * Points + p, load(e));
              store(e, sigma.first * load(e));
            }
          });
        });
  }

  /// δ_l, σ'' ⊙ g and σ''' ⊙ g, and what layer l adds to the second derivatives.
  template <int l>
  void down(const Scalar* weights, Scalar* y) {
    Scalar* g = at(kept(l, delta));
    const auto finish = [&](int from, int to) {
      for_each_pack(from, to, [&](int f, int, int i) {
        const Pack<Scalar> g_l = l == hidden ? broadcast(weights[Layout::weight(hidden) + f]) : load(g + i);
        store(g + i, load(at(kept(l, slope)) + i) * g_l);
        store(at(kept(l, bend)) + i, load(at(kept(l, second)) + i) * g_l);
        store(at(kept(l, twist)) + i, load(at(kept(l, twist)) + i) * g_l);
      });
    };
    if constexpr (l == hidden)
      finish(0, width(l));
    else
      transposed<l + 1>(weights, at(kept(l + 1, delta)), g, finish);
    add_curvatures<l>(at(kept(l, bend)), y);
  }

  /// y_ab += Σ by ⊙ t^a_l ⊙ t^b_l.
  template <int l>
  void add_curvatures(const Scalar* by, Scalar* y) {
    for (int p = 0; p < Points; p += lanes<Scalar>) {
      Pack<Scalar> sums[curvatures];
      for (int c = 0; c < curvatures; ++c) sums[c] = load(y + c * Points + p);
      for (int f = 0; f < width(l); ++f) {
        const Pack<Scalar> weight = load(by + f * Points + p);
        for_each_curvature<Speeds>([&](int i, int j, int index) {
          sums[index] += weight * motion<l>(f, i, p) * motion<l>(f, j, p);
        });
      }
      for (int c = 0; c < curvatures; ++c) store(y + c * Points + p, sums[c]);
    }
  }

  /// h'_l and e'_l, kept in `a_`, and z'_l; adds what t' and z' change of the second derivatives.
  template <int l>
  void along_up(const Scalar* weights, const Scalar* along, Scalar* y) {
    const auto product = [&]<Start start>(std::integral_constant<Start, start>, const Scalar* by,
                                          const Scalar* from) {
      multiply<moving, width(l), column, Layout::leading(l - 1), 1, column, start>(
          width(l - 1), from, by + Layout::weight(l - 1), d_h_, d_h_);
    };
    product(std::integral_constant<Start, Start::zero>{}, along, at(values(l - 1)));
    if constexpr (l > 1) product(std::integral_constant<Start, Start::matrix>{}, weights, a_);
    for_each_pack(0, width(l), [&](int f, int p, int i) {
      const int place = f * column + p;
      const Pack<Scalar> first = load(at(kept(l, slope)) + i), bent = load(at(kept(l, bend)) + i);
      const Pack<Scalar> z = load(d_h_ + place) + broadcast(along[Layout::bias(l - 1) + f]);
      const Pack<Scalar> turned = load(at(kept(l, twist)) + i) * z,
                         curved = load(at(kept(l, second)) + i) * z;
      store(at(kept(l, pulled)) + i, z);
      store(a_ + place, first * z);
      for (int d = 0; d < directions; ++d)
        store(a_ + place + (1 + d) * Points,
              curved * motion<l>(f, d, p) + first * load(d_h_ + place + (1 + d) * Points));
      for_each_curvature<Speeds>([&](int a, int b, int index) {
        const Pack<Scalar> t_a = motion<l>(f, a, p), t_b = motion<l>(f, b, p);
        Scalar* to = y + index * Points + p;
        store(to, load(to) + turned * t_a * t_b +
                      bent * (load(d_h_ + place + (1 + a) * Points) * t_b +
                              t_a * load(d_h_ + place + (1 + b) * Points)));
      });
    });
  }

  /// δ'_l, in the place of z'_l; adds what g' changes of the second derivatives.
  template <int l>
  void along_down(const Scalar* weights, const Scalar* along, Scalar* y) {
    Scalar* moved_g = transposed_;  // g', then σ'' ⊙ g'
    if constexpr (l < hidden) {
      transposed<l + 1>(along, at(kept(l + 1, delta)), moved_g);
      transposed<l + 1>(weights, at(kept(l + 1, pulled)), d_h_);
    }
    for_each_pack(0, width(l), [&](int f, int, int i) {
      const Pack<Scalar> g =
          l == hidden ? broadcast(along[Layout::weight(hidden) + f]) : load(moved_g + i) + load(d_h_ + i);
      Scalar* z = at(kept(l, pulled)) + i;
      store(z, load(at(kept(l, bend)) + i) * load(z) + load(at(kept(l, slope)) + i) * g);
      store(moved_g + i, load(at(kept(l, second)) + i) * g);
    });
    add_curvatures<l>(moved_g, y);
  }
};

}  // namespace metriplex
