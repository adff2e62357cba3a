#pragma once

#include <cmath>
#include <string_view>

#include "metriplex/integrate/generic_field.hpp"
#include "metriplex/integrate/newton.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Requires the parts of a motion with friction, each of which moves a state in place by its own flow: `drift(x, dt)` the
/// positions by ∂E/∂p, `kick(x, dt)` the momenta by −∂E/∂q, `relax(x, dt)` by friction alone, and says how that went.
template <class F>
concept SplitGenericField = GenericField<F> && requires(const F& f, typename F::State& x, ScalarOf<F> dt) {
  f.drift(x, dt);
  f.kick(x, dt);
  { f.relax(x, dt) } -> std::same_as<StepStatus>;
};

/// Integrates a motion with friction whose parts are known: friction, kick, drift, kick, friction.
///
/// Math: Y(dt/2) B(dt/2) A(dt) B(dt/2) Y(dt/2) (Shang & Öttinger 2020, "Structure-preserving integrators for dissipative
/// systems based on reversible–irreversible splitting", Proc. R. Soc. A 476): the reversible half is leapfrog, symplectic,
/// whose energy wavers and does not drift; the irreversible one keeps the energy and makes entropy.
/// Cost: two kicks, one drift, two relaxations a step. Nothing is allocated.
struct Ybaby {
  static constexpr std::string_view name = "ybaby";
  static constexpr int order = 2;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = true;

  template <SplitGenericField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const
      noexcept(noexcept(f.drift(x, dt)) && noexcept(f.kick(x, dt)) && noexcept(f.relax(x, dt))) {
    typename F::State next = x;
    if (const StepStatus status = f.relax(next, dt / 2); status != StepStatus::ok) return status;
    f.kick(next, dt / 2);
    f.drift(next, dt);
    f.kick(next, dt / 2);
    if (const StepStatus status = f.relax(next, dt / 2); status != StepStatus::ok) return status;
    if (!all_finite(next)) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }

  /// Refuses a field whose parts are not known, in one sentence.
  template <class F, class... Rest>
    requires(!SplitGenericField<F> || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    require_generic_field<F>();
    static_assert(
        SplitGenericField<F>,
        "Ybaby steps the parts of a motion and needs the field's drift(x, dt), kick(x, dt) and relax(x, dt), "
        "which this field has not: use GenericGonzalez, which takes any field with energy and entropy.");
    require_state<F, Rest...>();
    return {};
  }
};

}  // namespace metriplex
