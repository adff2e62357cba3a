// expect: A modulation must pull gradients back
#include "metriplex/model/model.hpp"
#include "metriplex/structure/hamiltonian.hpp"

using namespace metriplex;

/// Multiplies all weights by one number.
struct Gain {
  static constexpr std::string_view name = "gain";
  static constexpr Blocks code(const LayerShape&) { return {{.name = "k", .rows = 1}}; }
  static constexpr Blocks basis(const LayerShape&) { return {}; }
  template <class Scalar>
  static void apply(const LayerShape&, const LayerView<const Scalar>& base, const Scalar*, const Scalar* code,
                    LayerView<Scalar>& effective) {
    effective.weight = *code * base.weight;
    effective.bias = base.bias;
  }
  template <class Scalar>
  static void pushforward(const LayerShape&, const LayerView<const Scalar>& base, const Scalar*,
                          const Scalar*, const Scalar* along, LayerView<Scalar>& tangent) {
    tangent.weight = *along * base.weight;
    tangent.bias.setZero();
  }
#ifdef METRIPLEX_CONTROL
  template <class Scalar>
  static void pullback(const LayerShape&, const LayerView<const Scalar>& base, const Scalar*,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar*, Scalar* d_code) {
    d_base.weight += *code * d_effective.weight;
    d_base.bias += d_effective.bias;
    *d_code += base.weight.cwiseProduct(d_effective.weight).sum();
  }
#endif
};

int main() {
  const Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 1>, Gain> model(2);
  return model.latent() == 2 ? 0 : 1;
}
