#pragma once

#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Integrates a separable field by the leapfrog: symplectic, symmetric, explicit.
///
/// Math: Störmer–Verlet (Hairer, Lubich, Wanner 2006, "Geometric numerical integration", I.1.4): half a kick
/// p ← p + dt/2 force(q), a drift q ← q + dt velocity(p), half a kick.
/// Shapes: x = (q, p) [D x 1], D even.
/// Cost: two forces and one velocity a step.
/// Not: for a learned H(q, p) that is not T(p) + V(q); that fails to compile.
struct StormerVerlet {
  static constexpr std::string_view name = "stormer_verlet";
  static constexpr int order = 2;
  static constexpr bool symplectic = true;

  template <SeparableField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const {
    constexpr int half = F::State::RowsAtCompileTime / 2;
    HalfState<F> q = x.template head<half>(), p = x.template tail<half>(), rate;
    f.force(q, rate);
    p += dt / 2 * rate;
    f.velocity(p, rate);
    q += dt * rate;
    f.force(q, rate);
    p += dt / 2 * rate;
    if (!all_finite(q) || !all_finite(p)) return StepStatus::non_finite;
    x << q, p;
    return StepStatus::ok;
  }

  /// Refuses a field that is not separable, in one sentence.
  template <class F>
    requires(!SeparableField<F>)
  Refused step(const F&, auto&&...)
  const {
    require_separable_field<F>();
    return {};
  }
};

}  // namespace metriplex
