#pragma once

#include <cmath>
#include <utility>

#include "metriplex/core/types.hpp"

namespace metriplex {

// Small dense systems on plain arrays: nothing is allocated, and one instance of each function serves matrices of
// every size, where Eigen's decompositions would compile a blocked product for each. Matrices are column-major
// [n x n] without gaps.

/// Factors P A = L U in place, with partial pivoting. Returns false, with A spoilt, where A is singular to working
/// precision or holds a NaN or Inf.
///
/// Math: Golub & Van Loan 2013, "Matrix computations", algorithm 3.4.1.
/// Shapes: a [n x n]; pivots [n], the rows that were exchanged.
template <RealScalar Scalar>
[[nodiscard]] bool factor_lu(Index n, Scalar* a, Index* pivots) {
  for (Index k = 0; k < n; ++k) {
    Index pivot = k;
    for (Index i = k + 1; i < n; ++i)
      if (std::abs(a[i + k * n]) > std::abs(a[pivot + k * n])) pivot = i;
    if (!(std::abs(a[pivot + k * n]) > Scalar(0)) || !std::isfinite(a[pivot + k * n])) return false;
    pivots[k] = pivot;
    for (Index j = 0; pivot != k && j < n; ++j) std::swap(a[k + j * n], a[pivot + j * n]);
    for (Index i = k + 1; i < n; ++i) a[i + k * n] /= a[k + k * n];
    for (Index j = k + 1; j < n; ++j)
      for (Index i = k + 1; i < n; ++i) a[i + j * n] -= a[i + k * n] * a[k + j * n];
  }
  return true;
}

/// Solves A x = b with the factors that `factor_lu` left; b becomes the solution.
///
/// Shapes: lu [n x n], pivots [n], b [n].
template <RealScalar Scalar>
void solve_lu(Index n, const Scalar* lu, const Index* pivots, Scalar* b) {
  for (Index k = 0; k < n; ++k)
    if (pivots[k] != k) std::swap(b[k], b[pivots[k]]);
  for (Index k = 0; k < n; ++k)
    for (Index i = k + 1; i < n; ++i) b[i] -= lu[i + k * n] * b[k];
  for (Index k = n - 1; k >= 0; --k) {
    b[k] /= lu[k + k * n];
    for (Index i = 0; i < k; ++i) b[i] -= lu[i + k * n] * b[k];
  }
}

/// Factors a symmetric positive definite A = L Lᵀ in place; only its lower triangle is read, and the upper one
/// becomes zero. Returns false, with A spoilt, where A is not positive definite to working precision.
///
/// Math: Golub & Van Loan 2013, algorithm 4.2.1.
/// Shapes: a [n x n].
template <RealScalar Scalar>
[[nodiscard]] bool factor_cholesky(Index n, Scalar* a) {
  for (Index k = 0; k < n; ++k) {
    for (Index j = 0; j < k; ++j) {
      for (Index i = k; i < n; ++i) a[i + k * n] -= a[i + j * n] * a[k + j * n];
      a[j + k * n] = Scalar(0);
    }
    if (!(a[k + k * n] > Scalar(0)) || !std::isfinite(a[k + k * n])) return false;
    const Scalar root = std::sqrt(a[k + k * n]);
    for (Index i = k; i < n; ++i) a[i + k * n] /= root;
  }
  return true;
}

/// Solves Lᵀ x = b with a lower triangular L, of which nothing else is read; b becomes the solution.
///
/// Shapes: l [n x n], b [n].
template <RealScalar Scalar>
void solve_transposed(Index n, const Scalar* l, Scalar* b) {
  for (Index k = n - 1; k >= 0; --k) {
    for (Index i = k + 1; i < n; ++i) b[k] -= l[i + k * n] * b[i];
    b[k] /= l[k + k * n];
  }
}

/// Solves L Lᵀ x = b with the factor that `factor_cholesky` left; b becomes the solution.
///
/// Shapes: l [n x n], b [n].
template <RealScalar Scalar>
void solve_cholesky(Index n, const Scalar* l, Scalar* b) {
  for (Index k = 0; k < n; ++k) {
    b[k] /= l[k + k * n];
    for (Index i = k + 1; i < n; ++i) b[i] -= l[i + k * n] * b[k];
  }
  solve_transposed(n, l, b);
}

/// Finds the eigenvalues of a symmetric A, in no order, and its eigenvectors unless null; A is spoilt. A NaN in A gives NaN.
///
/// Math: cyclic Jacobi rotations, which find small eigenvalues to the rounding of the largest (Golub & Van Loan 2013,
/// algorithm 8.5.2).
/// Shapes: a [n x n]; values [n]; vectors [n x n], one a column.
template <RealScalar Scalar>
void symmetric_eigenvalues(Index n, Scalar* a, Scalar* values, Scalar* vectors = nullptr) {
  for (Index i = 0; vectors != nullptr && i < n * n; ++i)
    vectors[i] = i % (n + 1) == 0 ? Scalar(1) : Scalar(0);
  constexpr int most_sweeps = 30;  // it converges quadratically: six do for n of a few dozen
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    bool turned = false;
    for (Index p = 0; p < n; ++p)
      for (Index q = p + 1; q < n; ++q) {
        const Scalar apq = a[p + q * n], app = a[p + p * n], aqq = a[q + q * n];
        if (!(std::abs(app) + std::abs(apq) != std::abs(app) ||
              std::abs(aqq) + std::abs(apq) != std::abs(aqq)))
          continue;  // below the rounding of both
        turned = true;
        const Scalar tau = (aqq - app) / (2 * apq);
        const Scalar t = (tau >= 0 ? Scalar(1) : Scalar(-1)) / (std::abs(tau) + std::hypot(Scalar(1), tau));
        const Scalar c = 1 / std::hypot(Scalar(1), t), s = t * c;
        const auto turn = [&](Scalar& x, Scalar& y) {
          const Scalar old = x;
          x = c * old - s * y;
          y = s * old + c * y;
        };
        for (Index k = 0; k < n; ++k) turn(a[k + p * n], a[k + q * n]);
        for (Index k = 0; k < n; ++k) turn(a[p + k * n], a[q + k * n]);
        for (Index k = 0; vectors != nullptr && k < n; ++k) turn(vectors[k + p * n], vectors[k + q * n]);
      }
    if (!turned) break;
  }
  for (Index i = 0; i < n; ++i) values[i] = a[i + i * n];
}

}  // namespace metriplex
