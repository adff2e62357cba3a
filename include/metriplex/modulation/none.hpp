#pragma once

#include "metriplex/modulation/modulation.hpp"

namespace metriplex {

/// Leaves every layer as it is: one network for all systems.
struct None {
  static constexpr std::string_view name = "none";
  static constexpr Blocks code(const LayerShape&) { return {}; }
  static constexpr Blocks basis(const LayerShape&) { return {}; }

  template <class Scalar>
  static void apply(const LayerShape&, const LayerView<const Scalar>& base, const Scalar*, const Scalar*,
                    LayerView<Scalar>& effective) {
    effective.weight = base.weight;
    effective.bias = base.bias;
  }

  template <class Scalar>
  static void pullback(const LayerShape&, const LayerView<const Scalar>&, const Scalar*, const Scalar*,
                       const LayerView<const Scalar>& d_effective, LayerView<Scalar>& d_base, Scalar*,
                       Scalar*) {
    d_base.weight += d_effective.weight;
    d_base.bias += d_effective.bias;
  }
};

}  // namespace metriplex
