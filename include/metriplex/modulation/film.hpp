#pragma once

#include "metriplex/modulation/modulation.hpp"

namespace metriplex {

/// Scales and shifts what every unit receives (feature-wise linear modulation).
///
/// Math: diag(1 + g(z)) W, (1 + g(z)) ⊙ b + s(z) (Perez et al. 2018; Jing et al. 2025).
struct Film {
  static constexpr std::string_view name = "film";
  static constexpr Blocks code(const LayerShape& shape) {
    return {shift_block(shape), {.name = "g", .rows = shape.out}};
  }
  static constexpr Blocks basis(const LayerShape&) { return {}; }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                    const Scalar* code, LayerView<Scalar>& effective) {
    const auto gain = block_view(code + shift_block(shape).size(), shape.out, 1).array() + Scalar(1);
    effective.weight = base.weight.array().colwise() * gain.col(0);
    effective.bias = base.bias.array() * gain.col(0);
    if (!shape.last) effective.bias += block_view(code, shape.out, 1);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar*, Scalar* d_code) {
    const int shift = shift_block(shape).size();
    const auto gain = block_view(code + shift, shape.out, 1).array() + Scalar(1);
    d_base.weight.array() += d_effective.weight.array().colwise() * gain.col(0);
    d_base.bias.array() += d_effective.bias.array() * gain.col(0);
    auto d_gain = block_view(d_code + shift, shape.out, 1);
    d_gain += d_effective.weight.cwiseProduct(base.weight).rowwise().sum();
    d_gain += d_effective.bias.cwiseProduct(base.bias);
    if (!shape.last) block_view(d_code, shape.out, 1) += d_effective.bias;
  }
};

}  // namespace metriplex
