#pragma once

#include <algorithm>
#include <memory>

#include "metriplex/model/model.hpp"

namespace metriplex {

/// Evaluates the field of one member of a family and its exact derivative by the latent, at many states.
///
/// Math: ∂f/∂z = structure'(networks'(∂ weights/∂z)), tangents forward through hypernetwork, modulation, networks, structure.
/// Cost: a state costs the field and two more for each component of z; `move_to` a binding for each. After the
/// construction nothing is allocated.
template <class ModelType, int Points = tile_points<typename ModelType::Scalar>>
class LatentJacobian {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension;

 public:
  using Model = ModelType;
  using States = Matrix<Scalar, dim>;

  explicit LatentJacobian(const Model& model)
      : model_(model),
        z_(model.latent(), 1),
        member_(Vector<Scalar>::Zero(Model::base_size), model.scaling()),
        tangents_(Matrix<Scalar>::Zero(Model::base_size, model.latent())),
        sweep_(std::make_unique<typename Model::Bound::template Sweep<Points>>()) {
    move_to(model.mean_latent());
  }

  Index latent() const { return model_.latent(); }

  /// Moves to the member of latent z.
  ///
  /// Errors: z of another length.
  void move_to(const Vector<Scalar>& z) {
    require(z.size() == latent(),
            {"a latent Jacobian needs a latent of length ", latent(), "; got ", z.size()});
    std::copy_n(z.data(), z.size(), z_.data());
    model_.linearize(z_, codes_, code_tangents_, member_.weights().data(), tangents_);
  }

  /// The member of the latent moved to last.
  const typename Model::Bound& member() const { return member_; }

  /// Evaluates the fields at `count` states from column `first` on, and their derivatives unless null.
  ///
  /// Shapes: x [dim x points]; f [dim · count], state after state; jacobian [dim · count x latent], column-major, columns
  /// `leading` apart.
  void operator()(const States& x, Index first, Index count, Scalar* f, Scalar* jacobian, Index leading) {
    for (Index start = 0; start < count; start += Points) {
      const Index used = std::min<Index>(Points, count - start);
      for (Index p = 0; p < Points; ++p)  // the rest of the last tile repeats a state
        for (int i = 0; i < dim; ++i) x_[i * Points + p] = x(i, first + start + std::min(p, used - 1));
      const auto scatter = [&](const Scalar* tile, Scalar* to) {
        for (Index p = 0; p < used; ++p)
          for (int i = 0; i < dim; ++i) to[(start + p) * dim + i] = tile[i * Points + p];
      };
      sweep_->template forward<true>(member_.weights().data(), model_.scaling(), x_, out_);
      scatter(out_, f);
      for (Index k = 0; jacobian != nullptr && k < latent(); ++k) {
        sweep_->tangent(member_.weights().data(), model_.scaling(), column(tangents_, k), out_);
        scatter(out_, jacobian + k * leading);
      }
    }
  }

 private:
  const Model& model_;
  Matrix<Scalar> z_, codes_, code_tangents_;
  typename Model::Bound member_;
  Matrix<Scalar> tangents_;  // of the weights, one column a component of z
  std::unique_ptr<typename Model::Bound::template Sweep<Points>> sweep_;
  alignas(64) Scalar x_[Points * dim];
  alignas(64) Scalar out_[Points * dim];
};

}  // namespace metriplex
