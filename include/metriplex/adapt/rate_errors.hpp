#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/model/latent_jacobian.hpp"
#include "metriplex/nn/simd.hpp"

namespace metriplex {

/// Errors of a member's field at measured pairs (x, dx/dt), relative to the size of the rates; what is given does not count.
///
/// Math: e = √(w/reference) (f(x; z) − ẋ) ⊘ r, w the measurement's weight, r the scale of the rates.
template <class ModelType>
class RateErrors {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension;
  static constexpr Index most_of_few = std::max(16, lanes<Scalar>);

 public:
  explicit RateErrors(const ModelType& model)
      : model_(model),
        jacobian_(model, model.scaling().centred()),
        row_(Vector<double>::Zero(model.latent())),
        evaluated_(model.mean_latent()) {}

  /// Takes measurements; what has a weight of 0 is missing, and may be anything. A null `weights` stands for ones.
  ///
  /// Shapes: x, dx, weights [dim x shots].
  /// Errors: as `require_weighted_measurements`, and as `require_square`.
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
    const Index some = std::min(most_of_few, shots_);
    Index chosen = 0, other = some;
    terms_ = few_terms_ = 0;
    double square = 0.0;
    for (Index from = 0; from < shots_; ++from) {
      const bool is_chosen = chosen < some && from == chosen * shots_ / some;
      const Index p = is_chosen ? chosen++ : other++;  // those that stand for all come first
      bool seen = false;
      for (int i = 0; i < dim; ++i) {
        const bool learned = i < dim - ModelType::Bound::given();
        const auto given = !learned             ? 0.0
                           : weights == nullptr ? 1.0
                                                : static_cast<double>((*weights)(i, from));
        if (given > 0)
          require_squares(model_.scaling(), static_cast<double>(x(i, from)), static_cast<double>(dx(i, from)),
                          given, "adaptation", i, from);
        const double unit = 1 / static_cast<double>(model_.scaling().rate_scale[i]);
        weight_(i, p) = std::sqrt(given) * unit;
        dx_(i, p) = given > 0 ? static_cast<Scalar>(dx(i, from)) : Scalar(0);
        terms_ += given > 0;
        few_terms_ += is_chosen && given > 0;
        seen = seen || given > 0;
        square += std::pow(unit * static_cast<double>(dx_(i, p)), 2);
      }
      for (int i = 0; i < dim; ++i)
        x_(i, p) = seen ? static_cast<Scalar>(static_cast<double>(x(i, from)) -
                                              static_cast<double>(model_.scaling().mean[i]))
                        : Scalar(0);
    }
    const double reference = square / static_cast<double>(terms_);  // as `reference_square`
    size_ = reference > 1e-12 ? std::sqrt(reference) : 1.0;
    weight_.leftCols(shots_) /= size_;
    use_few(false);
  }

  /// Lets a few measurements, evenly spread, stand for all while a search is far from its end.
  void use_few(bool few) {
    if (few && few_terms_ == 0) few = false;  // all of them are missing
    used_ = few ? std::min(most_of_few, shots_) : shots_;
    used_terms_ = few ? few_terms_ : terms_;
    cached_ = false;
  }

  /// Unknowns beside the latent.
  Index extras() const { return 0; }
  /// Writes where they start: there are none.
  void start(double*) const {}
  /// Counts the numbers that were measured, of those in use.
  Index terms() const { return used_terms_; }

  /// The root mean square of what the model left of a component in training, in the unit of the errors, or what is supposed
  /// where that is not known.
  double model_error(int i, double supposed) const {
    const auto known = static_cast<double>(model_.scaling().rate_error[i] / model_.scaling().rate_scale[i]);
    return known > 0 ? known / size_ : supposed;
  }

  /// Calls add(error, row, component) for each number measured, row [latent] its derivative, which `add` may spoil, or null
  /// without `derivative`.
  template <class Add>
  void operator()(const typename ModelType::Latent& z, const double*, bool derivative, Add&& add) {
    evaluate(z, derivative);
    for (Index p = 0; p < used_; ++p)
      for (int i = 0; i < dim; ++i) {
        const double weight = weight_(i, p);
        if (weight == 0) continue;
        const Index at = p * dim + i;
        for (Index k = 0; derivative && k < row_.size(); ++k)
          row_[k] = weight * static_cast<double>(J_(at, k));
        add(weight * (static_cast<double>(f_[at]) - static_cast<double>(dx_(i, p))),
            derivative ? row_.data() : nullptr, i);
      }
  }

 private:
  /// Fills f_ and, with `derivative`, J_; again at the same z (but for rounding) these are there already.
  void evaluate(const typename ModelType::Latent& z, bool derivative) {
    constexpr Scalar close = 64 * std::numeric_limits<Scalar>::epsilon();
    bool same = derivative && cached_;
    for (Index k = 0; same && k < z.size(); ++k)
      same = std::abs(z[k] - evaluated_[k]) <= close * (Scalar(1) + std::abs(z[k]));
    if (same) return;
    jacobian_.move_to(z);
    jacobian_(x_, 0, used_, f_.data(), derivative ? J_.data() : nullptr, J_.rows());
    cached_ = derivative;
    evaluated_ = z;
  }

  const ModelType& model_;
  LatentJacobian<ModelType, lanes<Scalar>> jacobian_;
  Matrix<Scalar, dim> x_, dx_;  // states relative to the scaling's mean
  Matrix<double, dim> weight_;
  Vector<Scalar> f_;
  Matrix<Scalar> J_;
  Vector<double> row_;
  typename ModelType::Latent evaluated_;  // z of f_, and of J_ if cached_
  bool cached_ = false;
  double size_ = 1.0;  // of the measured rates
  Index shots_ = 0, terms_ = 0, few_terms_ = 0, used_ = 0, used_terms_ = 0;
};

}  // namespace metriplex
