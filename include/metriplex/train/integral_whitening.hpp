#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/train/interval_integral.hpp"

namespace metriplex {

/// Makes of windows of samples what compares a field with them: integrals from each sample to the next, whitened by the
/// covariance of what they are compared with. Windows at the same times share it.
///
/// Math: F the integrals, D first differences, L Lᵀ = σ²DDᵀ + ε DDᵀε + τ²FFᵀ, for each component with its noise σ, the error τ of its rate
/// that is allowed for, and what interpolation loses, which alternates as noise does: ε = 6 x⁽⁵⁾ |∫t⁴ − its
/// integral through four samples|/4! of each interval. Of coarsely sampled motions it is more than all else. `integral` is L⁻¹F, `difference` L⁻¹D.
/// Shapes: both [window − 1 x window]; of a window of fewer samples the rest is zero.
template <RealScalar Scalar, int Dim>
class IntegralWhitening {
 public:
  struct Window {
    Vector<double> times;  ///< from the first sample on
    std::array<Matrix<Scalar>, Dim> integral, difference;
  };

  /// Shapes: noise, tolerance, positive, and the size of the fifth derivatives of the states, [Dim].
  void start(Index window, const Vector<double, Dim>& noise, const Vector<double, Dim>& tolerance,
             const Vector<double, Dim>& fifth) {
    window_ = window, noise_ = noise, tolerance_ = tolerance, fifth_ = fifth;
    known_.clear();
  }

  const Window& operator[](std::uint32_t number) const { return known_[number]; }

  /// Whether windows of n samples at these times are the same, but for when they begin.
  static bool alike(const double* a, const double* b, Index n) {
    for (Index k = 1; k < n; ++k)
      if (std::abs(a[k] - a[0] - (b[k] - b[0])) > 1e-6 * (b[n - 1] - b[0])) return false;
    return true;
  }

  /// Finds the number of what belongs to a window of n samples at these times, or makes it.
  std::uint32_t of(const double* times, Index n) {
    constexpr std::size_t look_back = 64;
    const std::size_t oldest = known_.size() - std::min(look_back, known_.size());
    for (std::size_t at = known_.size(); at-- > oldest;)
      if (known_[at].times.size() == n && alike(known_[at].times.data(), times, n))
        return static_cast<std::uint32_t>(at);
    make(times, n);
    return static_cast<std::uint32_t>(known_.size() - 1);
  }

 private:
  void make(const double* times, Index n) {
    const double length = times[n - 1] - times[0];
    Window& fresh = known_.emplace_back();
    fresh.times.resize(n);
    for (Index k = 0; k < n; ++k) fresh.times[k] = times[k] - times[0];
    Matrix<double> f = Matrix<double>::Zero(n - 1, n), d = f;  // of times in units of the length
    const Vector<double> share = fresh.times / length;
    Vector<double> lost(n - 1);  // of the integral of t⁴/4!
    for (Index k = 0; k + 1 < n; ++k) {
      const IntervalIntegral integral(share.data(), n, k), lower(share.data(), n, k, 4);
      for (Index j = 0; j < integral.count; ++j)
        f(k, integral.first + j) = integral.weights[static_cast<std::size_t>(j)];
      lost[k] = (std::pow(share[k + 1], 5) - std::pow(share[k], 5)) / 120;
      for (Index j = 0; j < lower.count; ++j)
        lost[k] -= lower.weights[static_cast<std::size_t>(j)] * std::pow(share[lower.first + j], 4) / 24;
      d(k, k) = -1, d(k, k + 1) = 1;
    }
    for (std::size_t i = 0; i < Dim; ++i) {
      // In units of the tolerance: none is too large or too small.
      const auto at = static_cast<Index>(i);
      constexpr double measured = 6;  // on motions without noise, where 4 trains worse, and 9 no better
      const double unit = tolerance_[at] * length;
      const double noise = noise_[at] / unit, rough = measured * fifth_[at] * std::pow(length, 5) / unit;
      const Matrix<double> alternating = (rough * lost.cwiseAbs()).asDiagonal() * d;
      Matrix<double> root = noise * noise * d.lazyProduct(d.transpose()) +
                            alternating.lazyProduct(alternating.transpose()) + f.lazyProduct(f.transpose());
      const bool positive = factor_cholesky(n - 1, root.data());
      require(positive, "training on states needs samples at times that differ; got some (nearly) alike");
      fresh.integral[i] = whiten(root, f, 1 / tolerance_[at]);
      fresh.difference[i] = whiten(root, d, 1 / unit);
    }
  }

  /// Returns L⁻¹ rows, times `factor`, among zeros.
  Matrix<Scalar> whiten(const Matrix<double>& root, Matrix<double> rows, double factor) const {
    const Index n = rows.cols();
    for (Index j = 0; j < n; ++j)
      for (Index r = 0; r < n - 1; ++r) {
        for (Index s = 0; s < r; ++s) rows(r, j) -= root(r, s) * rows(s, j);
        rows(r, j) /= root(r, r);
      }
    Matrix<Scalar> padded = Matrix<Scalar>::Zero(window_ - 1, window_);
    padded.topLeftCorner(n - 1, n) = (rows * factor).template cast<Scalar>();
    return padded;
  }

  Index window_ = 2;
  Vector<double, Dim> noise_, tolerance_, fifth_;
  std::vector<Window> known_;
};

}  // namespace metriplex
