#pragma once

#include <cmath>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/model/latent_jacobian.hpp"

namespace metriplex {

/// Errors of a member's field at measured pairs (x, dx/dt), relative to the size of the rates.
///
/// Math: e = √(w ω/reference) (f(x; z) − ẋ), w the measurement's weight, ω its component's in the scaling.
template <class ModelType>
class RateErrors {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension;

 public:
  explicit RateErrors(const ModelType& model)
      : model_(model), jacobian_(model), row_(Vector<double>::Zero(model.latent())) {}

  /// Takes measurements; what has a weight of 0 is missing, and may be anything. A null `weights` stands for ones.
  ///
  /// Shapes: x, dx, weights [dim x shots].
  /// Errors: as `require_measurements`; weights of another shape, negative or NaN.
  template <class X, class DX, class W = Matrix<double>>
  void measure(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx, const W* weights = nullptr) {
    const Index shots = x.cols();
    require_weighted_measurements<dim>(x, dx, weights, "adaptation");
    shots_ = shots;
    if (shots_ > x_.cols()) {
      x_.resize(dim, shots_);
      dx_.resize(dim, shots_);
      weight_.resize(dim, shots_);
      f_.resize(dim * shots_);
      J_.resize(dim * shots_, model_.latent());
    }
    terms_ = 0;
    double square = 0.0, expected = 0.0;
    const double speed = expected_speed(model_.scaling());
    for (Index p = 0; p < shots_; ++p) {
      bool seen = false;
      for (int i = 0; i < dim; ++i) {
        const auto given = weights == nullptr ? 1.0 : static_cast<double>((*weights)(i, p));
        const auto counts = static_cast<double>(model_.scaling().rate_weight[i]);
        weight_(i, p) = given * counts;
        dx_(i, p) = given > 0 ? static_cast<Scalar>(dx(i, p)) : Scalar(0);
        terms_ += given > 0;
        seen = seen || given > 0;
        square += given > 0 ? counts * std::pow(static_cast<double>(dx_(i, p)), 2) : 0.0;
        expected += given > 0 ? counts * speed * speed : 0.0;
      }
      for (int i = 0; i < dim; ++i) x_(i, p) = seen ? static_cast<Scalar>(x(i, p)) : model_.scaling().mean[i];
    }
    const double size = (square > 1e-12 * expected ? square : expected) / static_cast<double>(terms_);
    for (double& w : weight_.leftCols(shots_).reshaped()) w = std::sqrt(w / size);
  }

  /// Unknowns beside the latent.
  Index extras() const { return 0; }
  /// Writes where they start: there are none.
  void start(double*) const {}
  /// Counts the numbers that were measured.
  Index terms() const { return terms_; }

  /// Calls add(error, row) for each number measured, row [latent] its derivative, which `add` may spoil, or null without
  /// `derivative`.
  template <class Add>
  void operator()(const typename ModelType::Latent& z, const double*, bool derivative, Add&& add) {
    jacobian_.move_to(z);
    jacobian_(x_, 0, shots_, f_.data(), derivative ? J_.data() : nullptr, J_.rows());
    for (Index p = 0; p < shots_; ++p)
      for (int i = 0; i < dim; ++i) {
        const double weight = weight_(i, p);
        if (weight == 0) continue;
        const Index at = p * dim + i;
        for (Index k = 0; derivative && k < row_.size(); ++k)
          row_[k] = weight * static_cast<double>(J_(at, k));
        add(weight * (static_cast<double>(f_[at]) - static_cast<double>(dx_(i, p))),
            derivative ? row_.data() : nullptr);
      }
  }

 private:
  const ModelType& model_;
  LatentJacobian<ModelType> jacobian_;
  Matrix<Scalar, dim> x_, dx_;
  Matrix<double, dim> weight_;
  Vector<Scalar> f_;
  Matrix<Scalar> J_;
  Vector<double> row_;
  Index shots_ = 0, terms_ = 0;
};

}  // namespace metriplex
