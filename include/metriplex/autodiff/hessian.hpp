#pragma once

#include "metriplex/autodiff/dual_std.hpp"

namespace metriplex {

/// Holds the value of a function, its gradient and its Hessian.
///
/// Shapes: gradient [N x 1], hessian [N x N].
template <class Scalar, int N>
struct ValueGradientHessian {
  Scalar value;
  Vector<Scalar, N> gradient;
  Matrix<Scalar, N, N> hessian;
};

/// Computes f(x), ∇f(x) and ∇²f(x) together, exactly, from one evaluation of f on dual numbers of dual
/// numbers.
///
/// f is generic, `[](const auto& x) { ... }`, takes an Eigen vector and returns a scalar.
/// Shapes: x [N x 1], N known at compile time.
/// Cost: about (N + 1)² evaluations of f.
template <class F, class Derived>
auto value_gradient_hessian(const F& f, const Eigen::MatrixBase<Derived>& x) {
  using Scalar = typename Derived::Scalar;
  constexpr int size = Derived::RowsAtCompileTime;
  const auto lifted = variables(variables(x));
  const Dual<Dual<Scalar, size>, size> y = f(lifted);
  ValueGradientHessian<Scalar, size> result;
  result.value = y.value.value;
  for (std::size_t i = 0; i < size; ++i) {
    result.gradient(Index(i)) = y.value.tangent[i];
    for (std::size_t j = 0; j < size; ++j) result.hessian(Index(i), Index(j)) = y.tangent[i].tangent[j];
  }
  return result;
}

/// Computes ∇²f(x), as `value_gradient_hessian` does.
template <class F, class Derived>
auto hessian(const F& f, const Eigen::MatrixBase<Derived>& x) {
  return value_gradient_hessian(f, x).hessian;
}

}  // namespace metriplex
