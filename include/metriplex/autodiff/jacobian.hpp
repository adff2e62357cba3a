#pragma once

#include <type_traits>

#include "metriplex/autodiff/dual_std.hpp"

namespace metriplex {

/// Holds the value of a vector function and its Jacobian.
///
/// Shapes: value [M x 1], jacobian [M x N]; M may be known at run time only.
template <class Scalar, int M, int N>
struct ValueAndJacobian {
  Vector<Scalar, M> value;
  Matrix<Scalar, M, N> jacobian;
};

/// Computes f(x) and its Jacobian ∂f_i/∂x_j together, exactly, from one evaluation of f on dual numbers.
///
/// f is generic, `[](const auto& x) { ... }`, takes an Eigen vector and returns one: by value, or an
/// expression of `x`.
/// Shapes: x [N x 1], N known at compile time; f(x) [M x 1].
/// Cost: about N + 1 evaluations of f.
template <class F, class Derived>
auto value_and_jacobian(const F& f, const Eigen::MatrixBase<Derived>& x) {
  using Scalar = typename Derived::Scalar;
  constexpr int size = Derived::RowsAtCompileTime;
  const auto lifted = variables(x);
  const auto y = f(lifted).eval();
  constexpr int rows = std::remove_cvref_t<decltype(y)>::RowsAtCompileTime;
  ValueAndJacobian<Scalar, rows, size> result;
  result.value.resize(y.rows());
  result.jacobian.resize(y.rows(), size);
  for (Index i = 0; i < y.rows(); ++i) {
    result.value(i) = y(i).value;
    for (int j = 0; j < size; ++j) result.jacobian(i, j) = y(i).tangent[static_cast<std::size_t>(j)];
  }
  return result;
}

/// Computes the Jacobian of f at x, as `value_and_jacobian` does.
template <class F, class Derived>
auto jacobian(const F& f, const Eigen::MatrixBase<Derived>& x) {
  return value_and_jacobian(f, x).jacobian;
}

}  // namespace metriplex
