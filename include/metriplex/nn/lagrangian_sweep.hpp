#pragma once

#include "metriplex/nn/lagrangian_forward.hpp"

namespace metriplex {

/// Evaluates what a Lagrangian's equation of motion is made of at a tile of points, and pulls cotangents of all of it back to
/// the weights, the points and the direction of q.
///
/// Math: of cotangents s of N, r of ∇N, C of the second derivatives, with Q_l = Σ C_ab t^a_l ⊙ t^b_l and P^a_l = ∂Q_l/∂t^a_l,
///   up    e*_0 = r, t*_l = W_l e*_(l−1), e*_l = σ' ⊙ t*_l + σ'' ⊙ Q_l
///   down  b^a_l = σ'' ⊙ g_l ⊙ P^a_l + σ' ⊙ W_(l+1)ᵀ b^a_(l+1), a_L = s,
///         a_l = σ'' ⊙ g_l ⊙ t*_l + σ''' ⊙ g_l ⊙ Q_l + σ' ⊙ W_(l+1)ᵀ a_(l+1) + σ'' ⊙ Σ_a t^a_l ⊙ W_(l+1)ᵀ b^a_(l+1)
///   dW_l += a_l h_(l−1)ᵀ + Σ_a b^a_l (e^a_(l−1))ᵀ + δ_l (e*_(l−1))ᵀ, db_l += a_l, dx = W_1ᵀ a_1, of the direction W_1ᵀ b_1.
/// Cost: with n velocities, n + 3 products a layer and a point, 2n + 6 more for the pullback; no tape.
/// Not: for one point, see `PointLagrangianSweep`.
template <class Net, RealScalar Scalar, int Points, int Speeds = Net::inputs / 2>
class LagrangianSweep : public LagrangianForward<Net, Scalar, Points, Speeds> {
  using Base = LagrangianForward<Net, Scalar, Points, Speeds>;
  using Base::a_, Base::d_h_, Base::transposed_, Base::at, Base::values, Base::kept, Base::width, Base::rows;
  using Base::column, Base::directions, Base::hidden, Base::inputs, Base::moving;
  using Base::for_each_pack;
  using Base::slope, Base::second, Base::twist, Base::bend, Base::delta, Base::pulled;
  using typename Base::Layout;

 public:
  /// Pulls cotangents back through the last `forward`: accumulates into `d_weights` or, if `overwrite`, overwrites all but
  /// its padding; overwrites `d_x`.
  ///
  /// Shapes: d_y as y; d_weights as weights, or null; d_x as x, or null.
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_weights, Scalar* d_x,
                bool overwrite = false) {
    const Scalar* d_curvatures = d_y + (1 + inputs) * Points;
    for (int f = 0; f < inputs; ++f) std::copy_n(d_y + (1 + f) * Points, Points, at(f * column + moving));
    unroll<hidden>([&](auto k) { tangent_up<k + 1>(weights, d_curvatures); });
    if (d_weights != nullptr)
      output_gradient<Points, width(hidden), column, moving>(at(values(hidden)), d_y,
                                                             d_weights + Layout::weight(hidden),
                                                             d_weights + Layout::bias(hidden), overwrite);
    unroll<hidden>([&](auto k) {
      pull<hidden - k>(weights, d_y, d_curvatures);
      if (d_weights != nullptr) layer_gradient<hidden - k>(d_weights, overwrite);
    });
    if (d_x == nullptr) return;
    this->template transposed<1, Points, column, Points>(weights, a_, d_x);
    multiply<Points, Base::places, column, 1, Layout::leading(0), Points, Start::zero>(
        width(1), a_ + (1 + Speeds) * Points, weights + Layout::weight(0), d_x + inputs * Points);
  }

 private:
  /// e*_l, and a's start.
  template <int l>
  void tangent_up(const Scalar* weights, const Scalar* d_curvatures) {
    Scalar* z = at(values(l) + moving);
    multiply<Points, width(l), column, Layout::leading(l - 1), 1, column, Start::zero>(
        width(l - 1), at(values(l - 1) + moving), weights + Layout::weight(l - 1), z, nullptr,
        [&](int from, int to) {
          for_each_pack(from, to, [&](int f, int p, int i) {
            Pack<Scalar> q{};
            for_each_curvature<Speeds>([&](int a, int b, int index) {
              q += load(d_curvatures + index * Points + p) * this->template motion<l>(f, a, p) *
                   this->template motion<l>(f, b, p);
            });
            const Pack<Scalar> t = load(z + f * column + p);
            store(z + f * column + p, load(at(kept(l, slope)) + i) * t + load(at(kept(l, second)) + i) * q);
            store(at(kept(l, pulled)) + i,
                  load(at(kept(l, bend)) + i) * t + load(at(kept(l, twist)) + i) * q);
          });
        });
  }

  /// a_l and b_l, with δ_l beside them as h_l, e_l and e*_l lie.
  template <int l>
  void pull(const Scalar* weights, const Scalar* d_value, const Scalar* d_curvatures) {
    if constexpr (l < hidden) this->template transposed<l + 1, moving, column>(weights, a_, d_h_);
    for_each_pack(0, width(l), [&](int f, int p, int i) {
      Scalar* to = a_ + f * column + p;
      const Scalar* from = d_h_ + f * column + p;
      const Pack<Scalar> first = load(at(kept(l, slope)) + i), bent = load(at(kept(l, bend)) + i);
      const Pack<Scalar> adjoint = load(at(kept(l, delta)) + i);
      Pack<Scalar> by[directions] = {}, along{};
      for_each_curvature<Speeds>([&](int a, int b, int index) {
        const Pack<Scalar> c = load(d_curvatures + index * Points + p);
        by[a] += c * this->template motion<l>(f, b, p);
        by[b] += c * this->template motion<l>(f, a, p);
      });
      for (int d = 0; d < directions; ++d) {
        Pack<Scalar> b = bent * by[d];
        if constexpr (l < hidden) {
          const Pack<Scalar> above = load(from + (1 + d) * Points);
          b += first * above;
          along += this->template motion<l>(f, d, p) * above;
        }
        store(to + (1 + d) * Points, b);
      }
      Pack<Scalar> a = load(at(kept(l, pulled)) + i);
      if constexpr (l < hidden)
        a += first * load(from) + load(at(kept(l, second)) + i) * along;
      else
        a += adjoint * load(d_value + p);
      store(to, a);
      store(to + moving, adjoint);
    });
  }

  /// dW_l += a_l h_(l−1)ᵀ + Σ b_l e_(l−1)ᵀ + δ_l e*_(l−1)ᵀ and db_l += a_l.
  template <int l>
  void layer_gradient(Scalar* d_weights, bool overwrite) {
    constexpr int leading = Layout::leading(l - 1);
    static_assert(leading >= rows(l));
    Scalar* d_weight = d_weights + Layout::weight(l - 1);
    transpose_tile<column, width(l), rows(l)>(a_, transposed_);
    multiply<rows(l), width(l - 1), rows(l), 1, column, leading, Start::matrix>(
        column, transposed_, at(values(l - 1)), d_weight, overwrite ? nullptr : d_weight);
    sum_points<Points, rows(l)>(transposed_, d_weights + Layout::bias(l - 1), overwrite);
  }
};

}  // namespace metriplex
