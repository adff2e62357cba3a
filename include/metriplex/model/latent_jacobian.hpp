#pragma once

#include <algorithm>
#include <memory>
#include <type_traits>

#include "metriplex/core/in_place.hpp"
#include "metriplex/model/model.hpp"

namespace metriplex {

/// Evaluates the field of one member of a family and its exact derivative by the latent, at many states.
///
/// Math: ∂f/∂z = structure'(networks'(∂ weights/∂z)), tangents forward through hypernetwork, modulation, networks, structure.
/// Cost: a state costs the field and two more for each component of z; `move_to` a binding for each. After the
/// construction nothing is allocated. With `Points` = 1 it is made for states that come one at a time.
template <class ModelType, int Points = tile_points<typename ModelType::Scalar>>
class LatentJacobian {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension;

 public:
  using Model = ModelType;
  using Latent = typename Model::Latent;

  explicit LatentJacobian(const Model& model) : LatentJacobian(model, model.scaling()) {}

  /// With a scaling of its own, such as `Scaling::centred` for states that come relative to the mean.
  LatentJacobian(const Model& model, const typename Model::Scale& scaling)
      : model_(model), member_(zeros(), scaling) {
    z_.resize(latent(), 1);
    tangents_.resize(Model::base_size, latent());
    std::fill_n(tangents_.data(), tangents_.size(), Scalar(0));
    if constexpr (on_heap) sweep_ = std::make_unique<Sweep>();
    move_to(model.mean_latent());
  }

  Index latent() const { return model_.latent(); }

  /// Moves to the member of latent z.
  ///
  /// Errors: z of another length.
  void move_to(const Latent& z) {
    require(z.size() == latent(),
            {"a latent Jacobian needs a latent of length ", latent(), "; got ", z.size()});
    std::copy_n(z.data(), z.size(), z_.data());
    model_.linearize(z_, codes_, code_tangents_, member_.weights().data(), tangents_);
  }

  /// The member of the latent moved to last.
  const typename Model::Bound& member() const { return member_; }

  /// Derivatives of the member's weights by the latent, [base_size x latent].
  const auto& weight_tangents() const { return tangents_; }

  /// Evaluates the fields at `count` states from column `first` on, and their derivatives unless null.
  ///
  /// Shapes: x [dim x points]; f [dim · count], state after state; jacobian [dim · count x latent], column-major, columns
  /// `leading` apart.
  template <int Count>
  void operator()(const Matrix<Scalar, dim, Count>& x, Index first, Index count, Scalar* f, Scalar* jacobian,
                  Index leading) {
    for (Index start = 0; start < count; start += Points) {
      const Index used = std::min<Index>(Points, count - start);
      for (Index p = 0; p < Points; ++p)  // the rest of the last tile repeats a state
        for (int i = 0; i < dim; ++i) x_[i * Points + p] = x(i, first + start + std::min(p, used - 1));
      const auto scatter = [&](const Scalar* tile, Scalar* to) {
        for (Index p = 0; p < used; ++p)
          for (int i = 0; i < dim; ++i) to[(start + p) * dim + i] = tile[i * Points + p];
      };
      sweep().template forward<true>(member_.weights().data(), member_.scaling(), x_, out_);
      scatter(out_, f);
      for (Index k = 0; jacobian != nullptr && k < latent(); ++k) {
        sweep().tangent(member_.weights().data(), member_.scaling(), column(tangents_, k), out_);
        scatter(out_, jacobian + k * leading);
      }
    }
  }

  /// Evaluates the derivative by the state, at the one evaluated last.
  ///
  /// Cost: dim evaluations.
  void by_state(typename Model::Bound::Jacobian& jacobian) requires(Points == 1) {
    for (int i = 0; i < dim; ++i) {
      Scalar unit[dim] = {}, row[dim];
      unit[i] = Scalar(1);
      sweep().pullback(member_.weights().data(), member_.scaling(), nullptr, unit, nullptr, row);
      for (int j = 0; j < dim; ++j) jacobian(i, j) = row[j];
    }
  }

 private:
  static constexpr int size = Model::latent_at_compile_time;
  static constexpr bool on_heap = size == Eigen::Dynamic;
  static constexpr int or_dynamic(Index n) { return on_heap ? Eigen::Dynamic : static_cast<int>(n); }
  using Sweep = typename Model::Bound::template Sweep<Points>;

  static auto zeros() {
    typename Model::Bound::Weights weights;
    if constexpr (on_heap) weights.setZero(Model::base_size);
    return weights;
  }
  Sweep& sweep() {
    if constexpr (on_heap)
      return *sweep_;
    else
      return sweep_;
  }

  const Model& model_;
  Stored<Scalar, size, or_dynamic(1)> z_;
  Stored<Scalar, or_dynamic(Model::code_size), or_dynamic(1)> codes_;
  Stored<Scalar, or_dynamic(Model::code_size), size> code_tangents_;
  typename Model::Bound member_;
  Stored<Scalar, or_dynamic(Model::base_size), size>
      tangents_;  // of the weights, one column a component of z
  std::conditional_t<on_heap, std::unique_ptr<Sweep>, Sweep> sweep_;
  alignas(64) Scalar x_[Points * dim];
  alignas(64) Scalar out_[Points * dim];
};

}  // namespace metriplex
