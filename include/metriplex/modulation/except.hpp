#pragma once

#include "metriplex/modulation/modulation.hpp"

namespace metriplex {

/// Applies `Inner` to every layer but those listed, which stay as they are for all systems.
///
/// Example: `Except<LowRank<5>, 0>` leaves the first layer alone.
template <Modulation Inner, int... Layers>
struct Except {
  static constexpr std::string_view name = Inner::name;
  static constexpr bool excluded(const LayerShape& shape) { return ((shape.index == Layers) || ...); }

  static constexpr Blocks code(const LayerShape& shape) {
    return excluded(shape) ? Blocks{} : Inner::code(shape);
  }
  static constexpr Blocks basis(const LayerShape& shape) {
    return excluded(shape) ? Blocks{} : Inner::basis(shape);
  }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar* basis,
                    const Scalar* code, LayerView<Scalar>& effective) {
    if (!excluded(shape)) return Inner::template apply<Scalar>(shape, base, basis, code, effective);
    copy_weight(shape, base, effective);
    std::copy_n(base.bias.data(), shape.out, effective.bias.data());
  }

  template <class Scalar>
  static void pushforward(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar* basis,
                          const Scalar* code, const Scalar* along, LayerView<Scalar>& tangent) {
    if (excluded(shape))
      clear(shape, tangent);
    else
      Inner::template pushforward<Scalar>(shape, base, basis, code, along, tangent);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar* basis,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar* d_basis, Scalar* d_code) {
    if (!excluded(shape))
      return Inner::template pullback<Scalar>(shape, base, basis, code, d_effective, d_base, d_basis, d_code);
    pull_weight_back(shape, d_effective, d_base);
    add_to(shape.out, d_effective.bias.data(), d_base.bias.data());
  }

  template <class Scalar>
    requires HasRegularizer<Inner>
  static Scalar regularizer(const LayerShape& shape, const Scalar* basis, Scalar weight, Scalar* d_basis) {
    return excluded(shape) ? Scalar(0) : Inner::template regularizer<Scalar>(shape, basis, weight, d_basis);
  }
};

}  // namespace metriplex
