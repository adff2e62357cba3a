#pragma once

#include "metriplex/modulation/modulation.hpp"

namespace metriplex {

/// Adds a matrix of rank `Rank` to the weights, both factors from the code: rank-one (RO) modulation for 1,
/// multi-rank (MR) above.
///
/// Math: W + U(z) V(z)ᵀ, b + s(z) (Jing et al. 2025, latent rank-one and multi-rank modulation).
/// Shapes: U [out x Rank], V [in x Rank].
template <int Rank>
struct LowRank {
  static_assert(Rank >= 1, "a low-rank modulation has a rank of at least 1");
  static constexpr int rank = Rank;
  static constexpr std::string_view name = Rank == 1 ? "ro" : "mr";

  static constexpr Blocks code(const LayerShape& shape) {
    return {shift_block(shape),
            {.name = "u", .rows = shape.out, .columns = Rank},
            {.name = "v", .rows = shape.in, .columns = Rank, .offset = 0.1}};
  }
  static constexpr Blocks basis(const LayerShape&) { return {}; }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                    const Scalar* code, LayerView<Scalar>& effective) {
    const int shift = shift_block(shape).size();
    const auto u = block_view(code + shift, shape.out, Rank);
    const auto v = block_view(code + shift + shape.out * Rank, shape.in, Rank);
    effective.weight = base.weight + u.lazyProduct(v.transpose());
    apply_shift(shape, base, code, effective);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar*, Scalar* d_code) {
    const int u_at = shift_block(shape).size(), v_at = u_at + shape.out * Rank;
    const auto u = block_view(code + u_at, shape.out, Rank);
    const auto v = block_view(code + v_at, shape.in, Rank);
    d_base.weight += d_effective.weight;
    block_view(d_code + u_at, shape.out, Rank) += d_effective.weight.lazyProduct(v);
    block_view(d_code + v_at, shape.in, Rank) += d_effective.weight.transpose().lazyProduct(u);
    pull_shift_back(shape, d_effective, d_base, d_code);
  }
};

}  // namespace metriplex
