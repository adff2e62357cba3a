#pragma once

#include <array>

#include "metriplex/core/layer.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/nn/activation.hpp"

namespace metriplex {

/// Names a multilayer perceptron by its activation and its sizes, input first, output last; the output layer
/// is linear. It holds no weights: they are one flat vector laid out by `MlpLayout`.
///
/// Math: h₀ = x, h_l = σ(W_l h_(l−1) + b_l), y = W_L h_(L−1) + b_L.
template <metriplex::Activation A, int... Sizes>
struct Mlp {
  static_assert(sizeof...(Sizes) >= 3, "an Mlp needs an input, at least one hidden layer and an output size");
  static_assert(((Sizes > 0) && ...), "every size of an Mlp is at least 1");

  using Activation = A;
  static constexpr std::array<int, sizeof...(Sizes)> sizes{Sizes...};
  static constexpr int layers = static_cast<int>(sizeof...(Sizes)) - 1;
  static constexpr int inputs = sizes[0];
  static constexpr int outputs = sizes[layers];

  static constexpr LayerShape shape(int layer) {
    return {sizes[layer + 1], sizes[layer], layer, layer == layers - 1};
  }
  /// Counts the weights and biases, without the layout's padding.
  static constexpr int parameters() {
    int count = 0;
    for (int l = 0; l < layers; ++l) count += sizes[l + 1] * (sizes[l] + 1);
    return count;
  }
};

/// Places the layers of a network in one flat vector of scalars.
///
/// Every column of a weight matrix starts at a multiple of 64 bytes and is padded with zeros, so that kernels
/// read whole registers whatever the size; zeros stay zeros under every modulation and optimiser. A layer
/// with one output is a contiguous row instead.
/// Shapes: layer l is W [out x in] column-major with columns `leading(l)` apart, then b [leading(l)].
template <class Net, RealScalar Scalar>
struct MlpLayout {
  static constexpr int alignment = 64 / static_cast<int>(sizeof(Scalar));

  static constexpr int leading(int layer) {
    const LayerShape shape = Net::shape(layer);
    return shape.last && shape.out == 1 ? 1 : round_up(shape.out, alignment);
  }
  static constexpr int weight(int layer) {
    int offset = 0;
    for (int l = 0; l < layer; ++l) offset += weight_size(l) + bias_size(l);
    return offset;
  }
  static constexpr int bias(int layer) { return weight(layer) + weight_size(layer); }
  static constexpr int size() { return weight(Net::layers); }

 private:
  static constexpr int weight_size(int layer) {
    return round_up(leading(layer) * Net::shape(layer).in, alignment);
  }
  static constexpr int bias_size(int layer) { return round_up(leading(layer), alignment); }
};

/// Views layer `layer` of the network whose flat vector starts at `weights`.
template <class Net, class Scalar>
LayerView<Scalar> layer_view(Scalar* weights, int layer) {
  using Layout = MlpLayout<Net, std::remove_const_t<Scalar>>;
  const LayerShape shape = Net::shape(layer);
  return {
      {weights + Layout::weight(layer), shape.out, shape.in, Eigen::OuterStride<>(Layout::leading(layer))},
      {weights + Layout::bias(layer), shape.out}};
}

}  // namespace metriplex
