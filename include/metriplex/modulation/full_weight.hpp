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
    const Scalar* added = code + shift_block(shape).size();
    for (int j = 0; j < shape.in; ++j, added += shape.out)
      elementwise<Scalar>(
          shape.out, [&]<class V>(Index i, V) __attribute__((always_inline)) {
            write(effective.column(j) + i, read<V>(base.column(j) + i) + read<V>(added + i));
          });
    apply_shift(shape, base, code, effective);
  }

  template <class Scalar>
  static void pushforward(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*,
                          const Scalar*, const Scalar* along, LayerView<Scalar>& tangent) {
    clear(shape, tangent);
    const Scalar* added = along + shift_block(shape).size();
    for (int j = 0; j < shape.in; ++j, added += shape.out) std::copy_n(added, shape.out, tangent.column(j));
    push_shift_forward(shape, along, tangent);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*, const Scalar*,
                       const LayerView<const Scalar>& d_effective, LayerView<Scalar>& d_base, Scalar*,
                       Scalar* d_code) {
    Scalar* d_added = d_code + shift_block(shape).size();
    for (int j = 0; j < shape.in; ++j, d_added += shape.out)
      elementwise<Scalar>(
          shape.out, [&]<class V>(Index i, V) __attribute__((always_inline)) {
            const V d = read<V>(d_effective.column(j) + i);
            write(d_base.column(j) + i, read<V>(d_base.column(j) + i) + d);
            write(d_added + i, read<V>(d_added + i) + d);
          });
    pull_shift_back(shape, d_effective, d_base, d_code);
  }
};

}  // namespace metriplex
