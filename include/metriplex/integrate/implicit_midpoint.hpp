#pragma once

#include <Eigen/LU>
#include <algorithm>
#include <limits>
#include <string_view>

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
    const Scalar half = dt / 2;
    const Scalar tolerance =
        std::max(static_cast<Scalar>(options.tolerance), 8 * std::numeric_limits<Scalar>::epsilon());
    State rate;
    JacobianOf<F> newton;
    f(x, rate);
    State middle = x + half * rate;
    for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
      f(middle, rate);
      f.jacobian(middle, newton);
      newton = JacobianOf<F>::Identity() - half * newton;
      const State correction = newton.partialPivLu().solve(x + half * rate - middle);
      middle += correction;
      if (!middle.allFinite()) return StepStatus::non_finite;
      if (correction.norm() <= tolerance * (1 + middle.norm())) {
        x = 2 * middle - x;
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
