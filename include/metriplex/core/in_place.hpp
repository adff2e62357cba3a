#pragma once

#include <algorithm>
#include <cassert>
#include <type_traits>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Holds a matrix whose size is known inside itself, of any size, where Eigen's would refuse beyond 128 KiB: for programs without
/// a heap. Column-major, without gaps.
template <RealScalar ScalarType, int Rows, int Cols = 1>
class alignas(64) InPlace {
  static_assert(Rows >= 0 && Cols >= 0, "a matrix in place has sizes that are known to the compiler");

 public:
  using Scalar = ScalarType;
  static constexpr int RowsAtCompileTime = Rows, ColsAtCompileTime = Cols;

  static constexpr Index rows() { return Rows; }
  static constexpr Index cols() { return Cols; }
  static constexpr Index size() { return Index{Rows} * Cols; }
  Scalar* data() { return values_; }
  const Scalar* data() const { return values_; }
  Scalar& operator[](Index i) { return values_[i]; }
  const Scalar& operator[](Index i) const { return values_[i]; }
  Scalar& operator()(Index i, Index j) { return values_[i + j * Rows]; }
  const Scalar& operator()(Index i, Index j) const { return values_[i + j * Rows]; }

  /// Sizes do not change: this is for code that serves matrices on the heap too.
  static void resize([[maybe_unused]] Index rows, [[maybe_unused]] Index cols) {
    assert(rows == Rows && cols == Cols);
  }

 private:
  Scalar values_[Rows * Cols > 0 ? Rows* Cols : 1] = {};
};

/// A matrix inside itself if its size is known, else on the heap.
template <class Scalar, int Rows, int Cols = 1>
using Stored =
    std::conditional_t<Rows == Eigen::Dynamic || Cols == Eigen::Dynamic, Matrix<Scalar, Rows, Cols>,
                       InPlace<Scalar, Rows == Eigen::Dynamic ? 0 : Rows, Cols == Eigen::Dynamic ? 0 : Cols>>;

/// Points to column j.
template <class Scalar, int Rows, int Cols>
Scalar* column(InPlace<Scalar, Rows, Cols>& matrix, Index j) {
  return matrix.data() + j * Rows;
}
template <class Scalar, int Rows, int Cols>
const Scalar* column(const InPlace<Scalar, Rows, Cols>& matrix, Index j) {
  return matrix.data() + j * Rows;
}

}  // namespace metriplex
