#pragma once

#include "metriplex/modulation/modulation.hpp"

namespace metriplex {

/// Shifts the biases.
///
/// Math: W, b + s(z) (Jing et al. 2025, shift modulation).
struct Shift {
  static constexpr std::string_view name = "shift";
  static constexpr Blocks code(const LayerShape& shape) { return {shift_block(shape)}; }
  static constexpr Blocks basis(const LayerShape&) { return {}; }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                    const Scalar* code, LayerView<Scalar>& effective) {
    copy_weight(shape, base, effective);
    apply_shift(shape, base, code, effective);
  }

  template <class Scalar>
  static void pushforward(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*,
                          const Scalar*, const Scalar* along, LayerView<Scalar>& tangent) {
    clear(shape, tangent);
    push_shift_forward(shape, along, tangent);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*, const Scalar*,
                       const LayerView<const Scalar>& d_effective, LayerView<Scalar>& d_base, Scalar*,
                       Scalar* d_code) {
    pull_weight_back(shape, d_effective, d_base);
    pull_shift_back(shape, d_effective, d_base, d_code);
  }
};

}  // namespace metriplex
