#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/model/bound_model.hpp"

namespace metriplex {

/// Measures how far a field is from measured derivatives and pulls the error back to the weights, tile by
/// tile: memory does not grow with the number of points.
///
/// Math: weight · Σ_p |(f(x_p) − ẋ_p) ⊘ r|², r the scale of the rates.
template <class Bound>
class FieldLoss {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension;
  static constexpr int points = tile_points<Scalar>;

 public:
  using Points = Matrix<Scalar, dim>;

  FieldLoss() : sweep_(std::make_unique<typename Bound::template Sweep<points>>()) {}

  /// Returns the loss over `columns` of x and dx, and writes its gradient to `d_weights` unless null: all but the padding.
  ///
  /// Shapes: weights, d_weights as a bound model's; x, relative to the scaling's mean, dx [dim x points]; columns: which points, in order, of which
  /// `count` from `first` on are taken; null: all.
  double operator()(const Scalar* weights, const Scaling<Scalar, dim>& scaling, const Points& x,
                    const Points& dx, const std::uint32_t* columns, Index first, Index count, Scalar weight,
                    Scalar* d_weights);

  /// Returns the loss over all of a system's measurements, their relative mean squared error, likewise.
  double operator()(const Scalar* weights, const Scaling<Scalar, dim>& scaling,
                    const Measurements<Scalar, dim>& shots, Scalar* d_weights) {
    return (*this)(weights, scaling, shots.x, shots.dx, nullptr, 0, shots.x.cols(), shots.weight, d_weights);
  }

 private:
  std::unique_ptr<typename Bound::template Sweep<points>> sweep_;
  // Points first, [points x dim].
  alignas(64) Scalar x_[points * dim];
  alignas(64) Scalar target_[points * dim];
  alignas(64) Scalar residual_[points * dim];
};

// Outside the class, so that `extern template class FieldLoss<...>` keeps the kernels out of a translation
// unit.
template <class Bound>
double FieldLoss<Bound>::operator()(const Scalar* weights, const Scaling<Scalar, dim>& scaling,
                                    const Points& x, const Points& dx, const std::uint32_t* columns,
                                    Index first, Index count, Scalar weight, Scalar* d_weights) {
  double total = 0.0;
  const Scaling<Scalar, dim> centred = scaling.centred();
  for (Index start = 0; start < count; start += points) {
    const Index used = std::min<Index>(points, count - start);
    for (Index p = 0; p < points; ++p) {
      const Index place = first + start + std::min(p, used - 1);
      const Index column = columns != nullptr ? static_cast<Index>(columns[place]) : place;
      for (int i = 0; i < dim; ++i) {
        x_[i * points + p] = x(i, column);
        target_[i * points + p] = dx(i, column);
      }
    }
    sweep_->template forward<true>(weights, centred, x_, residual_);
    // The rest of the last tile repeats a point; it weighs nothing.
    for (int i = 0; i < dim; ++i)
      std::copy(target_ + i * points + used, target_ + (i + 1) * points, residual_ + i * points + used);
    Pack<Scalar> square{};
    for (int i = 0; i < dim; ++i) {
      const Scalar unit = Scalar(1) / scaling.rate_scale[i];
      for (int p = i * points; p < (i + 1) * points; p += lanes<Scalar>) {
        const Pack<Scalar> residual = (load(residual_ + p) - load(target_ + p)) * unit;
        square += residual * residual;
        store(residual_ + p, residual * (Scalar(2) * weight * unit));
      }
    }
    total += static_cast<double>(weight) * static_cast<double>(sum<Scalar>(square));
    if (d_weights != nullptr)
      sweep_->pullback(weights, centred, nullptr, residual_, d_weights, nullptr, start == 0);
  }
  return total;
}

}  // namespace metriplex
