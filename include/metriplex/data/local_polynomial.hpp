#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/data/motion.hpp"

namespace metriplex {

/// Fits polynomials to windows of samples at any times, by least squares: one matrix of weights a window gives value and
/// slope at a time as sums over its samples.
///
/// Math: the solution of the normal equations of Legendre's polynomials over the window, which stay well conditioned (Savitzky & Golay
/// 1964 for equal distances).
class LocalPolynomial {
 public:
  /// Degree of the polynomials, and how many samples a window has, more than the degree.
  explicit LocalPolynomial(Index degree = 3, Index window = 7) : degree_(degree), window_(window) {
    require(0 <= degree && degree < window && window <= 64,
            {"a local polynomial needs a degree from 0 to below its window of at most 64 samples; got ",
             degree, " and ", window});
  }

  Index window() const { return window_; }
  /// Returns the first sample of the window of sample k of n: in its middle, where the ends let it.
  Index first(Index k, Index n) const { return std::clamp(k - window_ / 2, Index{0}, n - window_); }

  /// Fits the window of times; then `value` and `slope` are weights of its samples at time t.
  ///
  /// Shapes: times [window].
  void fit(const double* times, double t) {
    const Index w = window_, terms = degree_ + 1;
    const double middle = (times[0] + times[w - 1]) / 2, half = (times[w - 1] - times[0]) / 2;
    basis_.resize(w, terms);
    Vector<double> row(terms), slope_row(terms);
    for (Index j = 0; j < w; ++j) {
      legendre((times[j] - middle) / half, row, slope_row);
      basis_.row(j) = row.transpose();
    }
    legendre((t - middle) / half, row, slope_row);
    normal_ = basis_.transpose().lazyProduct(basis_);
    const bool solvable = factor_cholesky(terms, normal_.data());
    require(solvable, "a local polynomial needs times that differ; got some (nearly) alike");
    solve_cholesky(terms, normal_.data(), row.data());
    solve_cholesky(terms, normal_.data(), slope_row.data());
    value = basis_.lazyProduct(row);
    slope = basis_.lazyProduct(slope_row) / half;
  }

  Vector<double> value, slope;

 private:
  /// Evaluates Legendre's polynomials and their derivatives.
  void legendre(double s, Vector<double>& p, Vector<double>& d) const {
    p[0] = 1, d[0] = 0;
    if (degree_ > 0) p[1] = s, d[1] = 1;
    for (Index n = 1; n < degree_; ++n) {
      const auto k = static_cast<double>(n);
      p[n + 1] = ((2 * k + 1) * s * p[n] - k * p[n - 1]) / (k + 1);
      d[n + 1] = d[n - 1] + (2 * k + 1) * p[n];
    }
  }

  Index degree_, window_;
  Matrix<double> basis_, normal_;
};

/// Estimates the rates at all samples of a motion, all of them complete, from its states alone: by local polynomials, of as many samples as there
/// are where these are few; of one sample none is known, and it is 0.
///
/// Shapes: returns [Dim x samples].
template <int Dim>
Matrix<double, Dim> estimate_rates(const Motion<Dim>& motion, Index degree = 3, Index window = 7) {
  const Index n = motion.samples();
  Matrix<double, Dim> rates = Matrix<double, Dim>::Zero(Dim, n);
  if (n < 2) return rates;
  const Index w = std::min(window, n);
  LocalPolynomial polynomial(std::min(degree, w - 1), w);
  for (Index k = 0; k < n; ++k) {
    const Index first = polynomial.first(k, n);
    polynomial.fit(motion.times.data() + first, motion.times[k]);
    for (Index j = 0; j < w; ++j)
      for (int i = 0; i < Dim; ++i)  // of differences: an offset costs no digits
        rates(i, k) += polynomial.slope[j] * (motion.states(i, first + j) - motion.states(i, k));
  }
  return rates;
}

}  // namespace metriplex
