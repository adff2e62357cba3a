#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "metriplex/core/types.hpp"

namespace metriplex {

// Plain loops over flat arrays, for where an Eigen expression would cost more to compile than it says. Loops on
// the hot path are in nn/elementwise.hpp.

/// Whether no number is NaN or Inf.
template <RealScalar Scalar>
bool all_finite(const Scalar* x, Index n) {
  for (Index i = 0; i < n; ++i)
    if (!std::isfinite(x[i])) return false;
  return true;
}

/// Whether no number of a vector or matrix (one without gaps in memory) is NaN or Inf.
template <class Derived>
bool all_finite(const Eigen::PlainObjectBase<Derived>& x) {
  return all_finite(x.data(), x.size());
}

/// Sums the squares, in double.
template <RealScalar Scalar>
double squared_norm(const Scalar* x, Index n) {
  constexpr Index parts = 8;  // sums that need not wait for one another
  double totals[parts] = {}, total = 0.0;
  for (Index i = 0; i < n; ++i) totals[i % parts] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  for (const double part : totals) total += part;
  return total;
}

/// Sums the squares of a vector or matrix (one without gaps in memory), in double.
template <class Derived>
double squared_norm(const Eigen::PlainObjectBase<Derived>& x) {
  return squared_norm(x.data(), x.size());
}

/// Adds a × b, of three numbers of any type.
template <class T>
constexpr void add_cross(const T* a, const T* b, T* to) {
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    to[i] += a[j] * b[k] - a[k] * b[j];
  }
}

/// Turns two numbers, the coordinates of a point in a plane that turns by the angle beneath it.
inline void rotate_pair(double angle, double& x, double& y) {
  const double c = std::cos(angle), s = std::sin(angle), before = x;
  x = c * x + s * y;
  y = c * y - s * before;
}

/// Writes the places of `order.size()` values, none of them NaN, by falling value, equal ones as they stand.
inline void order_falling(const double* values, std::vector<Index>& order) {
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index i, Index j) {  // stable, without stable_sort's memory
    return values[i] > values[j] || (values[i] == values[j] && i < j);
  });
}

/// Points to column j of a matrix without gaps in memory, or a map of one, which may be empty.
template <class Derived>
auto* column(Eigen::DenseBase<Derived>& matrix, Index j) {
  return matrix.derived().data() + j * matrix.rows();
}
template <class Derived>
const auto* column(const Eigen::DenseBase<Derived>& matrix, Index j) {
  return matrix.derived().data() + j * matrix.rows();
}

}  // namespace metriplex
