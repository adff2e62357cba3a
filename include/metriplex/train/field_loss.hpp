#pragma once

#include <memory>
#include <vector>

#include "metriplex/model/bound_model.hpp"

namespace metriplex {

/// Measures how far a field is from measured derivatives and pulls the error back to the weights, tile by
/// tile: memory does not grow with the number of points.
///
/// Math: weight · Σ_p |f(x_p) − ẋ_p|².
template <class Bound>
class FieldLoss {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension;
  static constexpr int points = tile_points<Scalar>;
  using Tile = Eigen::Matrix<Scalar, points, dim>;

 public:
  using Points = Matrix<Scalar, dim>;

  FieldLoss() : sweep_(std::make_unique<typename Bound::template Sweep<points>>()) {}

  /// Returns the loss over `columns` of x and dx, and accumulates its gradient into `d_weights` unless null.
  ///
  /// Shapes: weights, d_weights as a bound model's; x, dx [dim x points]; columns: which points, in order.
  double operator()(const Scalar* weights, const Scaling<Scalar, dim>& scaling, const Points& x,
                    const Points& dx, const Index* columns, Index count, Scalar weight, Scalar* d_weights);

 private:
  std::unique_ptr<typename Bound::template Sweep<points>> sweep_;
  Tile x_, target_, residual_;
};

// Outside the class, so that `extern template class FieldLoss<...>` keeps the kernels out of a translation
// unit.
template <class Bound>
double FieldLoss<Bound>::operator()(const Scalar* weights, const Scaling<Scalar, dim>& scaling,
                                    const Points& x, const Points& dx, const Index* columns, Index count,
                                    Scalar weight, Scalar* d_weights) {
  double total = 0.0;
  for (Index start = 0; start < count; start += points) {
    const Index used = std::min<Index>(points, count - start);
    for (Index p = 0; p < points; ++p) {
      const Index column = columns[start + std::min(p, used - 1)];
      x_.row(p) = x.col(column).transpose();
      target_.row(p) = dx.col(column).transpose();
    }
    sweep_->template forward<true>(weights, scaling, x_.data(), residual_.data());
    residual_ -= target_;
    residual_.bottomRows(points - used)
        .setZero();  // the rest of the last tile repeats a point; it weighs nothing
    total += static_cast<double>(weight) * static_cast<double>(residual_.squaredNorm());
    if (d_weights == nullptr) continue;
    residual_ *= Scalar(2) * weight;
    sweep_->pullback(weights, scaling, nullptr, residual_.data(), d_weights, nullptr);
  }
  return total;
}

}  // namespace metriplex
