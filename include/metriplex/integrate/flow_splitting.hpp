#pragma once

#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Requires a field to be a sum of `F::flows` others whose motions are known exactly: `f.flow(part, x, dt)` moves x by one of them.
template <class F>
concept HasFlows = VectorField<F> && requires(const F& f, typename F::State& x, ScalarOf<F> dt) {
  requires F::flows >
  0;
  f.flow(0, x, dt);
};

/// Integrates a field that is a sum of exact motions by these in turn, there and back: explicit, and what each of them keeps, such
/// as the Casimirs of a Poisson bracket, it keeps to rounding. `Suzuki<FlowSplitting>` has order 4.
///
/// Math: φ₁(dt/2) ∘ … ∘ φ_n(dt) ∘ … ∘ φ₁(dt/2) (Strang 1968; of rigid bodies, each φ a rotation, McLachlan 1993, "Explicit Lie–Poisson
/// integration and the Euler equations", Phys. Rev. Lett. 71). Flows of Hamiltonians make it a Poisson map: energy stays near its value.
/// Cost: 2n − 1 flows.
struct FlowSplitting {
  static constexpr std::string_view name = "flow_splitting";
  static constexpr int order = 2;
  static constexpr bool symplectic = true;
  static constexpr bool symmetric = true;

  template <HasFlows F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const
      noexcept(noexcept(f.flow(0, x, dt))) {
    constexpr int last = F::flows - 1;
    typename F::State next = x;
    for (int part = 0; part < last; ++part) f.flow(part, next, dt / 2);
    f.flow(last, next, dt);
    for (int part = last - 1; part >= 0; --part) f.flow(part, next, dt / 2);
    if (!all_finite(next)) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }

  /// Refuses a field whose parts are not known, in one sentence.
  template <class F, class... Rest>
    requires(!HasFlows<F> || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    require_vector_field<F>();
    static_assert(
        HasFlows<F>,
        "This splitting needs the exact motions that a field is the sum of, `static constexpr int flows` "
        "and flow(part, x, dt), which this field has not: use GenericGonzalez or ImplicitMidpoint for a "
        "Poisson bracket, StormerVerlet for T(p) + V(q).");
    require_state<F, Rest...>();
    return {};
  }
};

}  // namespace metriplex
