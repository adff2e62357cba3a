#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Takes the root of degree n of x ≥ 1, by Newton's method: std::pow is not constexpr.
constexpr double constexpr_root(double x, int n) {
  double root = x;
  for (int i = 0; i < 200; ++i) {
    double power = 1;
    for (int k = 1; k < n; ++k) power *= root;
    root += (x / power - root) / n;
  }
  return root;
}

/// Raises a symmetric method's order by two with three substeps, a long one back between two forward.
///
/// Math: γ = 1/(2 − 2^(1/(p+1))), 1 − 2γ, γ (Yoshida 1990; Hairer, Lubich, Wanner 2006, II.4, example 4.2).
template <int Order>
struct TripleJumpSteps {
  static constexpr double step = 1 / (2 - constexpr_root(2, Order + 1));
  static constexpr std::array<double, 3> steps{step, 1 - 2 * step, step};
};

/// Raises a symmetric method's order by two with five substeps, none of them long.
///
/// Math: γ = 1/(4 − 4^(1/(p+1))), γ, 1 − 4γ, γ, γ (Suzuki 1990; Hairer, Lubich, Wanner 2006, II.4, example 4.3).
template <int Order>
struct SuzukiSteps {
  static constexpr double step = 1 / (4 - constexpr_root(4, Order + 1));
  static constexpr std::array<double, 5> steps{step, step, 1 - 4 * step, step, step};
};

/// Composes a symmetric integrator with itself to one of an order higher by two; it keeps what the integrator keeps.
///
/// `Steps<order>` holds the substeps as fractions of a step. Compositions are symmetric and compose again.
/// Math: Φ(γ_s dt) ∘ … ∘ Φ(γ_1 dt).
/// Cost: as many steps of `Base` as there are substeps.
template <class Base, template <int> class Steps>
struct Composition {
  static_assert(HasIntegratorTraits<Base>, "A composition needs an integrator, with its traits.");
  static_assert(
      Base::symmetric && Base::order % 2 == 0,
      "Only a symmetric integrator gains two orders by composition: StormerVerlet, Tao, ImplicitMidpoint, "
      "Gonzalez and others with `symmetric` true.");

  static constexpr std::string_view name = Base::name;
  static constexpr int order = Base::order + 2;
  static constexpr bool symplectic = Base::symplectic;
  static constexpr bool symmetric = true;

  Base base{};

  template <VectorField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const
      noexcept(noexcept(base.step(f, x, dt))) requires IntegratorFor<Base, F> {
    typename F::State next = x;
    for (const double fraction : Steps<Base::order>::steps) {
      const StepStatus status = base.step(f, next, static_cast<ScalarOf<F>>(fraction) * dt);
      if (status != StepStatus::ok) return status;
    }
    x = next;
    return StepStatus::ok;
  }

  /// Refuses what `Base` refuses, in its words.
  template <class F, class... Rest>
    requires(!IntegratorFor<Base, F> || wrong_state<F, Rest...>)
  Refused step(const F& f, Rest&&... rest)
  const { return base.step(f, std::forward<Rest>(rest)...); }
};

/// Composes by Yoshida's triple jump.
template <class Base>
using TripleJump = Composition<Base, TripleJumpSteps>;

/// Composes by Suzuki's five steps: more work than a triple jump, and much smaller errors.
template <class Base>
using Suzuki = Composition<Base, SuzukiSteps>;

}  // namespace metriplex
