#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Integrates any field with a Jacobian by the implicit midpoint rule: symplectic for every Hamiltonian,
/// separable or not, symmetric, and exact on quadratic invariants.
///
/// Math: x₁ = x₀ + dt f(m) at m = (x₀ + x₁)/2 (Hairer, Lubich, Wanner 2006, "Geometric numerical
/// integration", II.1), solved for m by Newton's method with the exact Jacobian: (I − dt/2 f'(m)) δ = x₀ +
/// dt/2 f(m) − m.
/// Cost: per iteration (three or four a step) one field, one Jacobian and one dense solve; nothing is
/// allocated.
struct ImplicitMidpoint {
  struct Options {
    double tolerance = 1e-12;  ///< Newton ends at ‖δ‖ ≤ tolerance (1 + ‖m‖); never below 8 units of rounding
    int max_iterations = 20;  ///< then the step is `not_converged`
  };

  static constexpr std::string_view name = "implicit_midpoint";
  static constexpr int order = 2;
  static constexpr bool symplectic = true;

  Options options{};

  template <HasJacobian F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int size = State::RowsAtCompileTime;
    const Scalar half = dt / 2;
    const double tolerance =
        std::max(options.tolerance, 8.0 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()));
    State rate;
    JacobianOf<F> newton;
    f(x, rate);
    State middle, correction;
    for (int i = 0; i < size; ++i) middle[i] = x[i] + half * rate[i];
    for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
      f(middle, rate);
      f.jacobian(middle, newton);
      for (int j = 0; j < size; ++j) {
        for (int i = 0; i < size; ++i) newton(i, j) = (i == j ? Scalar(1) : Scalar(0)) - half * newton(i, j);
        correction[j] = x[j] + half * rate[j] - middle[j];
      }
      if (!all_finite(correction) || !all_finite(newton)) return StepStatus::non_finite;
      if (!solve_in_place(size, newton.data(), correction.data())) return StepStatus::not_converged;
      for (int i = 0; i < size; ++i) middle[i] += correction[i];
      if (!all_finite(middle)) return StepStatus::non_finite;
      if (std::sqrt(squared_norm(correction)) <= tolerance * (1 + std::sqrt(squared_norm(middle)))) {
        for (int i = 0; i < size; ++i) x[i] = 2 * middle[i] - x[i];
        return StepStatus::ok;
      }
    }
    return StepStatus::not_converged;
  }

  /// Refuses a field without a Jacobian, in one sentence.
  template <class F>
    requires(!HasJacobian<F>)
  Refused step(const F&, auto&&...)
  const {
    require_jacobian<F>();
    return {};
  }
};

}  // namespace metriplex
