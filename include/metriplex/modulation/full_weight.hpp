#pragma once

#include "metriplex/modulation/modulation.hpp"

namespace metriplex {

/// Adds a whole matrix to the weights.
///
/// Math: W + ΔW(z), b + s(z) (Jing et al. 2025, full-weight modulation).
struct FullWeight {
  static constexpr std::string_view name = "fw";
  static constexpr Blocks code(const LayerShape& shape) {
    return {shift_block(shape, 0.02), {.name = "w", .rows = shape.out, .columns = shape.in, .slope = 0.02}};
  }
  static constexpr Blocks basis(const LayerShape&) { return {}; }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                    const Scalar* code, LayerView<Scalar>& effective) {
    effective.weight = base.weight + block_view(code + shift_block(shape).size(), shape.out, shape.in);
    apply_shift(shape, base, code, effective);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*, const Scalar*,
                       const LayerView<const Scalar>& d_effective, LayerView<Scalar>& d_base, Scalar*,
                       Scalar* d_code) {
    d_base.weight += d_effective.weight;
    block_view(d_code + shift_block(shape).size(), shape.out, shape.in) += d_effective.weight;
    pull_shift_back(shape, d_effective, d_base, d_code);
  }
};

}  // namespace metriplex
