#pragma once

#include <utility>

#include "metriplex/modulation/modulation.hpp"
#include "metriplex/nn/low_rank_product.hpp"

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
    const Scalar* u = code + shift_block(shape).size();
    add_low_rank<Rank, Scalar>({{u, ones<Scalar>.data(), u + shape.out * Rank}},
                               LowRankView<const Scalar>(shape, base), LowRankView<Scalar>(shape, effective));
    apply_shift(shape, base, code, effective);
  }

  // U̇ Vᵀ + U V̇ᵀ
  template <class Scalar>
  static void pushforward(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*,
                          const Scalar* code, const Scalar* along, LayerView<Scalar>& tangent) {
    const int u = shift_block(shape).size(), v = u + shape.out * Rank;
    const Scalar* one = ones<Scalar>.data();
    add_low_rank<Rank, Scalar>({{along + u, one, code + v}, {code + u, one, along + v}}, nullptr,
                               LowRankView<Scalar>(shape, tangent));
    clear_bias(shape, tangent);
    push_shift_forward(shape, along, tangent);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar*, Scalar* d_code) {
    const int u = shift_block(shape).size(), v = u + shape.out * Rank;
    add_low_rank_pullback<Rank>(
        code + u, ones<Scalar>.data(), code + v, LowRankView<const Scalar>(shape, d_effective),
        LowRankView<Scalar>(shape, d_base), d_code + u, d_code + v, static_cast<Scalar*>(nullptr));
    pull_shift_back(shape, d_effective, d_base, d_code);
  }

 private:
  template <class Scalar>
  static constexpr auto ones = [] {
    std::array<Scalar, Rank> all{};
    all.fill(Scalar(1));
    return all;
  }();
};

}  // namespace metriplex
