#pragma once

#include "metriplex/modulation/modulation.hpp"

// X11 defines None as a macro. It stays one for who includes this after X11, and has to #undef it to name ours.
#pragma push_macro("None")
#undef None

namespace metriplex {

/// Leaves every layer as it is: one network for all systems.
struct None {
  static constexpr std::string_view name = "none";
  static constexpr Blocks code(const LayerShape&) { return {}; }
  static constexpr Blocks basis(const LayerShape&) { return {}; }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar*,
                    const Scalar*, LayerView<Scalar>& effective) {
    copy_weight(shape, base, effective);
    std::copy_n(base.bias.data(), shape.out, effective.bias.data());
  }

  template <class Scalar>
  static void pushforward(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*,
                          const Scalar*, const Scalar*, LayerView<Scalar>& tangent) {
    clear(shape, tangent);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar*, const Scalar*,
                       const LayerView<const Scalar>& d_effective, LayerView<Scalar>& d_base, Scalar*,
                       Scalar*) {
    pull_weight_back(shape, d_effective, d_base);
    add_to(shape.out, d_effective.bias.data(), d_base.bias.data());
  }
};

}  // namespace metriplex

#pragma pop_macro("None")
