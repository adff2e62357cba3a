#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/nn/combination.hpp"

namespace metriplex {

/// c = a b, for matrices without gaps; c is neither a nor b.
///
/// Shapes: a [rows x depth], b [depth x columns], c [rows x columns].
template <RealScalar Scalar>
void multiply(Index rows, Index depth, Index columns, const Scalar* a, const Scalar* b, Scalar* c) {
  std::fill_n(c, rows * columns, Scalar(0));
  const auto take = [&](Index j, auto count) {
    add_combinations<count()>(rows, depth, a, rows, b + j * depth, c + j * rows, c + j * rows, rows);
  };
  Index j = 0;
  for (; j + 8 <= columns; j += 8)
    take(j, std::integral_constant<int, 8>{});  // as many as hide a product's latency
  for_each_four(columns - j, [&](Index k, auto count) { take(j + k, count); });
}

/// Follows the eigenvectors of a running mean of X Xᵀ: an orthonormal basis, renewed now and then.
///
/// Math: M ← βM + (1−β) X Xᵀ; Q = I at first, then takes steps of orthogonal iteration, Q ← orthonormalised M Q, its columns by falling qᵀMq (Golub & Van Loan 2013, section 8.2.4; Vyas et al. 2024, algorithm 4).
/// All of it is in double whatever the network's scalar: M is a square, of whose small eigenvalues a float would keep nothing.
/// Cost: nothing is allocated after construction.
class Eigenbasis {
 public:
  /// Starts with M = 0 and Q = I; n may be 0.
  explicit Eigenbasis(Index n)
      : mean_(n, n),
        vectors_(n, n),
        old_(n, n),
        image_(n, n),
        values_(n),
        overlaps_(n),
        order_(static_cast<std::size_t>(n)) {
    reset();
  }

  void reset() {
    mean_.setZero();
    vectors_.setIdentity();
    old_.setIdentity();
    std::iota(order_.begin(), order_.end(), Index{0});
  }

  Index size() const { return mean_.rows(); }
  const Matrix<double>& mean() const { return mean_; }
  /// Returns Q, one vector a column: as it is, and as it was before `renew`.
  const Matrix<double>& vectors() const { return vectors_; }
  const Matrix<double>& old() const { return old_; }
  /// Returns from which old vector each of Q came.
  const std::vector<Index>& order() const { return order_; }

  /// Takes X into the mean.
  ///
  /// Shapes: x [n x columns], and its transpose [columns x n].
  void add(Index columns, const double* x, const double* transposed, double beta) {
    multiply(size(), columns, size(), x, transposed, image_.data());
    for (Index i = 0; i < mean_.size(); ++i)
      mean_.data()[i] += (1.0 - beta) * (image_.data()[i] - mean_.data()[i]);
  }

  /// Renews Q; while M is zero, or where it is not finite, Q stays.
  void renew() {
    const Index n = size();
    old_ = vectors_;
    const double trace = mean_.trace();
    if (!(trace > 0) || !std::isfinite(trace)) {
      std::iota(order_.begin(), order_.end(), Index{0});
      return;
    }
    multiply(n, n, n, mean_.data(), old_.data(), image_.data());
    for (Index k = 0; k < n; ++k) values_[k] = dot(n, column(old_, k), column(image_, k));
    order_falling(values_.data(), order_);
    for (Index k = 0; k < n; ++k) orthonormalise(k, order_[static_cast<std::size_t>(k)], 1e-13 * trace);
  }

  /// Lists what the next renewal goes on from, for `StateArchive`.
  template <class Archive>
  void serialize(Archive& archive) {
    archive(mean_, vectors_);
  }

 private:
  /// Makes vector k of Q from the image of an old one; from that itself, if the vectors before leave no more of the image
  /// than the rounding of M; else from the unit vector of which they leave most.
  void orthonormalise(Index k, Index from, double rounding) {
    if (follow(k, column(image_, from), rounding) || follow(k, column(old_, from), 1e-3)) return;
    values_.setZero();  // what they have of each unit vector; the eigenvalues have done their part
    for (Index l = 0; l < k; ++l)
      for (Index i = 0; i < size(); ++i) values_[i] += vectors_(i, l) * vectors_(i, l);
    Index most = 0;
    values_.minCoeff(&most);
    values_.setZero();
    values_[most] = 1;
    follow(k, values_.data(), 0);
  }

  /// Makes vector k of Q from x, unless the vectors before leave no more than `least` of it.
  bool follow(Index k, const double* x, double least) {
    const Index n = size();
    double* q = column(vectors_, k);
    std::copy_n(x, n, q);
    for (int pass = 0; pass < 2; ++pass) {  // twice is enough (Parlett 1998, section 6.9)
      for (Index l = 0; l < k; ++l) overlaps_[l] = -dot(n, column(vectors_, l), q);
      add_combination(n, k, vectors_.data(), n, overlaps_.data(), q, q);
      const double norm = std::sqrt(dot(n, q, q));
      if (pass == 0 && !(norm > least)) return false;
      scale_by(n, 1.0 / norm, q);
    }
    return true;
  }

  Matrix<double> mean_, vectors_, old_, image_;
  Vector<double> values_, overlaps_;
  std::vector<Index> order_;
};

}  // namespace metriplex
