#pragma once

#include <Eigen/Core>
#include <type_traits>

namespace metriplex {

/// Signed integer for sizes and positions.
using Index = Eigen::Index;

/// Column vector with `Rows` rows (`Eigen::Dynamic` by default).
template <class Scalar, int Rows = Eigen::Dynamic>
using Vector = Eigen::Matrix<Scalar, Rows, 1>;

/// Column-major matrix. A set of points is a matrix with one column a point: `[dim x points]`.
template <class Scalar, int Rows = Eigen::Dynamic, int Cols = Eigen::Dynamic>
using Matrix = Eigen::Matrix<Scalar, Rows, Cols>;

/// Scalars that the library computes with.
template <class T>
concept RealScalar = std::is_same_v<T, float> || std::is_same_v<T, double>;

}  // namespace metriplex
