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
    const Scalar* gain = code + shift_block(shape).size();
    const auto scale = [&](const Scalar* from, Scalar* to) {
      elementwise<Scalar>(
          shape.out, [&]<class V>(Index i, V) __attribute__((always_inline)) {
            write(to + i, (Scalar(1) + read<V>(gain + i)) * read<V>(from + i));
          });
    };
    for (int j = 0; j < shape.in; ++j) scale(base.column(j), effective.column(j));
    scale(base.bias.data(), effective.bias.data());
    if (!shape.last) add_to(shape.out, code, effective.bias.data());
  }

  template <class Scalar>
  static void pushforward(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                          const Scalar*, const Scalar* along, LayerView<Scalar>& tangent) {
    const Scalar* gain = along + shift_block(shape).size();
    const auto scale = [&](const Scalar* from, Scalar* to) {
      elementwise<Scalar>(
          shape.out, [&]<class V>(Index i, V) __attribute__((always_inline)) {
            write(to + i, read<V>(gain + i) * read<V>(from + i));
          });
    };
    for (int j = 0; j < shape.in; ++j) scale(base.column(j), tangent.column(j));
    scale(base.bias.data(), tangent.bias.data());
    push_shift_forward(shape, along, tangent);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar*, Scalar* d_code) {
    const Scalar* gain = code + shift_block(shape).size();
    Scalar* d_gain = d_code + shift_block(shape).size();
    const auto pull = [&](const Scalar* from, const Scalar* d_to, Scalar* d_from) {
      elementwise<Scalar>(
          shape.out, [&]<class V>(Index i, V) __attribute__((always_inline)) {
            const V d = read<V>(d_to + i);
            write(d_from + i, read<V>(d_from + i) + (Scalar(1) + read<V>(gain + i)) * d);
            write(d_gain + i, read<V>(d_gain + i) + read<V>(from + i) * d);
          });
    };
    for (int j = 0; j < shape.in; ++j) pull(base.column(j), d_effective.column(j), d_base.column(j));
    pull(base.bias.data(), d_effective.bias.data(), d_base.bias.data());
    if (!shape.last) add_to(shape.out, d_effective.bias.data(), d_code);
  }
};

}  // namespace metriplex
