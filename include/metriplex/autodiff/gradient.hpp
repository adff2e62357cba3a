#pragma once

#include "metriplex/autodiff/dual_std.hpp"

namespace metriplex {

/// Holds the value of a function and its gradient.
///
/// Shapes: gradient [N x 1].
template <class Scalar, int N>
struct ValueAndGradient {
  Scalar value;
  Vector<Scalar, N> gradient;
};

/// Computes f(x) and ∇f(x) together, exactly, from one evaluation of f on dual numbers.
///
/// f is generic, `[](const auto& x) { ... }`, takes an Eigen vector and returns a scalar.
/// Shapes: x [N x 1], N known at compile time.
/// Cost: about N + 1 evaluations of f.
template <class F, class Derived>
auto value_and_gradient(const F& f, const Eigen::MatrixBase<Derived>& x) {
  using Scalar = typename Derived::Scalar;
  constexpr int size = Derived::RowsAtCompileTime;
  const auto lifted = variables(x);
  const Dual<Scalar, size> y = f(lifted);
  return ValueAndGradient<Scalar, size>{y.value, Eigen::Map<const Vector<Scalar, size>>(y.tangent.data())};
}

/// Computes ∇f(x), as `value_and_gradient` does.
template <class F, class Derived>
auto gradient(const F& f, const Eigen::MatrixBase<Derived>& x) {
  return value_and_gradient(f, x).gradient;
}

}  // namespace metriplex
