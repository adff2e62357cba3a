#pragma once

#include "metriplex/modulation/modulation.hpp"
#include "metriplex/nn/combination.hpp"

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
    const Scalar *u = code + shift_block(shape).size(), *v = u + shape.out * Rank;
    for (int j = 0; j < shape.in; ++j) {
      Scalar row[Rank];
      for (int k = 0; k < Rank; ++k) row[k] = v[j + k * shape.in];
      add_combination<Rank>(shape.out, u, shape.out, row, base.column(j), effective.column(j));
    }
    apply_shift(shape, base, code, effective);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar*, Scalar* d_code) {
    const int at = shift_block(shape).size();
    const Scalar *u = code + at, *v = u + shape.out * Rank;
    Scalar *d_u = d_code + at, *d_v = d_u + shape.out * Rank;
    for (int j = 0; j < shape.in; ++j) {
      Scalar row[Rank], d_row[Rank] = {};
      for (int k = 0; k < Rank; ++k) row[k] = v[j + k * shape.in];
      add_combination_pullback<Rank>(shape.out, u, shape.out, row, d_effective.column(j), d_base.column(j),
                                     d_u, d_row);
      for (int k = 0; k < Rank; ++k) d_v[j + k * shape.in] += d_row[k];
    }
    pull_shift_back(shape, d_effective, d_base, d_code);
  }
};

}  // namespace metriplex
