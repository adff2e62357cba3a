#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <initializer_list>
#include <string_view>

#include "metriplex/core/layer.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/nn/elementwise.hpp"

namespace metriplex {

/// One named matrix among a layer's codes or bases, with the scales of its initial values.
struct Block {
  std::string_view name;
  int rows = 0, columns = 1;
  double slope =
      0.1;  ///< of a code: standard deviation of the hypernetwork's dependence on z; of a basis: of itself
  double offset = 0.0;  ///< of a code: standard deviation of its value at z = 0

  constexpr int size() const { return rows * columns; }
};

/// The blocks of one layer, in the order in which they lie in its code (or basis), each column-major.
struct Blocks {
  std::array<Block, 3> items{};
  int count = 0;

  constexpr Blocks() = default;
  constexpr Blocks(std::initializer_list<Block> list) {
    for (const Block& block : list)
      if (block.size() > 0) items[static_cast<std::size_t>(count++)] = block;
  }
  constexpr const Block* begin() const { return items.data(); }
  constexpr const Block* end() const { return items.data() + count; }
  constexpr int size() const {
    int total = 0;
    for (const Block& block : *this) total += block.size();
    return total;
  }
};

/// The offset of a bias, s(z): every layer but the output has one (a constant in a potential moves nothing).
constexpr Block shift_block(const LayerShape& shape, double slope = 0.1) {
  return {"s", shape.last ? 0 : shape.out, 1, slope, 0.0};
}

/// Views `rows x columns` scalars, column-major, from `data` on.
template <class Scalar>
auto block_view(Scalar* data, int rows, int columns) {
  using Plain = Matrix<std::remove_const_t<Scalar>>;
  return Eigen::Map<std::conditional_t<std::is_const_v<Scalar>, const Plain, Plain>>(data, rows, columns);
}

/// Copies a base's weights, for modulations that leave them as they are.
template <class Scalar>
void copy_weight(const LayerShape& shape, const LayerView<const Scalar>& base, LayerView<Scalar>& effective) {
  for (int j = 0; j < shape.in; ++j) std::copy_n(base.column(j), shape.out, effective.column(j));
}

/// Adds a cotangent of weights to the base's.
template <class Scalar>
void pull_weight_back(const LayerShape& shape, const LayerView<const Scalar>& d_effective,
                      LayerView<Scalar>& d_base) {
  for (int j = 0; j < shape.in; ++j) add_to(shape.out, d_effective.column(j), d_base.column(j));
}

/// Adds s(z) to a bias; shared by all modulations.
template <class Scalar>
void apply_shift(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar* code,
                 LayerView<Scalar>& effective) {
  std::copy_n(base.bias.data(), shape.out, effective.bias.data());
  if (!shape.last) add_to(shape.out, code, effective.bias.data());
}

/// Pulls a bias's cotangent back to the base bias and to s(z).
template <class Scalar>
void pull_shift_back(const LayerShape& shape, const LayerView<const Scalar>& d_effective,
                     LayerView<Scalar>& d_base, Scalar* d_code) {
  add_to(shape.out, d_effective.bias.data(), d_base.bias.data());
  if (!shape.last) add_to(shape.out, d_effective.bias.data(), d_code);
}

/// Sets the tangent of a layer's bias to zero.
template <class Scalar>
void clear_bias(const LayerShape& shape, LayerView<Scalar>& tangent) {
  std::fill_n(tangent.bias.data(), shape.out, Scalar(0));
}

/// Sets a tangent of a layer to zero, but for its padding.
template <class Scalar>
void clear(const LayerShape& shape, LayerView<Scalar>& tangent) {
  for (int j = 0; j < shape.in; ++j) std::fill_n(tangent.column(j), shape.out, Scalar(0));
  clear_bias(shape, tangent);
}

/// Adds the tangent of s(z) to that of a bias.
template <class Scalar>
void push_shift_forward(const LayerShape& shape, const Scalar* along, LayerView<Scalar>& tangent) {
  if (!shape.last) add_to(shape.out, along, tangent.bias.data());
}

/// Requires `static constexpr std::string_view name`, for model files and tables.
template <class M>
concept HasModulationName = requires {
  { M::name } -> std::convertible_to<std::string_view>;
};

/// Requires `code(shape)`, what of a layer comes from the hypernetwork, and `basis(shape)`, what is shared by
/// all systems and trained with the base, beside the base itself.
template <class M>
concept HasBlocks = requires(const LayerShape& shape) {
  { M::code(shape) } -> std::same_as<Blocks>;
  { M::basis(shape) } -> std::same_as<Blocks>;
};

/// Requires `apply(shape, base, basis, code, effective)`, which writes the effective layer.
template <class M>
concept HasApply = requires(const LayerShape& shape, const LayerView<const double>& layer,
                            LayerView<double>& out, const double* in) {
  M::apply(shape, layer, in, in, out);
};

/// Requires `pullback(shape, base, basis, code, d_effective, d_base, d_basis, d_code)`, which accumulates
/// into the last three.
template <class M>
concept HasModulationPullback = requires(const LayerShape& shape, const LayerView<const double>& layer,
                                         LayerView<double>& out, const double* in, double* d) {
  M::pullback(shape, layer, in, in, layer, out, d, d);
};

/// Requires `pushforward(shape, base, basis, code, along, tangent)`, which writes the derivative of the effective layer
/// as the code changes by `along`.
template <class M>
concept HasModulationPushforward = requires(const LayerShape& shape, const LayerView<const double>& layer,
                                            LayerView<double>& out, const double* in) {
  M::pushforward(shape, layer, in, in, in, out);
};

/// Maps a base layer and a code to an effective layer; knows no network, no structure, no optimiser.
template <class M>
concept Modulation = HasModulationName<M> && HasBlocks<M> && HasApply<M> && HasModulationPullback<M> &&
    HasModulationPushforward<M>;

/// Fails to compile, in one sentence for each part that is missing, unless M is a `Modulation`.
template <class M>
consteval void require_modulation() {
  static_assert(HasModulationName<M>,
                "A modulation must have a name: static constexpr std::string_view name.");
  static_assert(
      HasBlocks<M>,
      "A modulation must list what it needs of a layer: static constexpr Blocks code(const LayerShape&) "
      "from the latent, and basis(const LayerShape&) shared by all systems.");
  static_assert(
      HasApply<M>,
      "A modulation must make the effective layer: template <class Scalar> static void apply(shape, base, "
      "basis, code, effective).");
  static_assert(
      HasModulationPullback<M>,
      "A modulation must pull gradients back: template <class Scalar> static void pullback(shape, base, "
      "basis, code, d_effective, d_base, d_basis, d_code), which accumulates into the last three.");
  static_assert(
      HasModulationPushforward<M>,
      "A modulation must push tangents forward: template <class Scalar> static void pushforward(shape, base, "
      "basis, code, along, tangent), which writes the derivative of the effective layer along a change of "
      "the code.");
}

/// Counts the codes that `M` needs for one network of kind `Net`.
template <Modulation M, class Net>
inline constexpr int code_size_of = [] {
  int size = 0;
  for (int l = 0; l < Net::layers; ++l) size += M::code(Net::shape(l)).size();
  return size;
}();

/// Counts the scalars of the bases that `M` needs for one network of kind `Net`.
template <Modulation M, class Net>
inline constexpr int basis_size_of = [] {
  int size = 0;
  for (int l = 0; l < Net::layers; ++l) size += M::basis(Net::shape(l)).size();
  return size;
}();

/// A modulation whose bases are kept near a manifold by a penalty: regularizer(shape, basis, weight, d_basis)
/// returns weight · penalty and accumulates its gradient.
template <class M>
concept HasRegularizer = requires(const LayerShape& shape, const double* basis, double* d_basis) {
  { M::regularizer(shape, basis, 1.0, d_basis) } -> std::same_as<double>;
};

}  // namespace metriplex
