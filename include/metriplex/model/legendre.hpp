#pragma once

#include <type_traits>

#include "metriplex/model/bound_model.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/mechanical_momenta.hpp"

namespace metriplex {

/// Returns a conservative mechanical model in positions and momenta: the same motions and energy, in canonical coordinates, which
/// `ImplicitMidpoint`, `GaussLegendre` and `Gonzalez` step. `to_momenta` and `to_velocities` lead there and back.
///
/// Math: p = ∂L/∂v = M(q) v, H = ½pᵀM⁻¹p + V(q); the components of p have the unit of energy over those of v.
/// Cost: a copy of the weights.
template <int Dof, class Nets, RealScalar Scalar, class Weights>
BoundModel<MechanicalMomenta<Dof>, Nets, Scalar, Weights> legendre_transform(
    const BoundModel<Mechanical<Dof>, Nets, Scalar, Weights>& model) {
  Scaling<Scalar, 2 * Dof> scaling = model.scaling();
  for (int i = Dof; i < 2 * Dof; ++i) {  // ṽ = v/s is M⁻¹ of p̃ = s p
    const Scalar per_speed = model.scaling().inverse_scale[i];
    scaling.mean[i] = 0;
    scaling.inverse_scale[i] = 1 / per_speed;
    scaling.rate_scale[i] *= per_speed * per_speed;
    scaling.rate_error[i] *= per_speed * per_speed;
  }
  return {model.weights(), scaling};
}

/// Returns the state (q, p) of a state (q, v) of a mechanical model.
///
/// Math: p = ∂E/∂v.
template <int Dof, class Nets, RealScalar Scalar, class Weights>
Vector<Scalar, 2 * Dof> to_momenta(const BoundModel<Mechanical<Dof>, Nets, Scalar, Weights>& model,
                                   const std::type_identity_t<Vector<Scalar, 2 * Dof>>& x) noexcept {
  Vector<Scalar, 2 * Dof> state;
  model.energy_gradient(x, state);
  state.template head<Dof>() = x.template head<Dof>();
  return state;
}

/// Returns the state (q, v) of a state (q, p) of its Legendre transform.
///
/// Math: v = q̇ = ∂H/∂p.
template <int Dof, class Nets, RealScalar Scalar, class Weights>
Vector<Scalar, 2 * Dof> to_velocities(const BoundModel<MechanicalMomenta<Dof>, Nets, Scalar, Weights>& model,
                                      const std::type_identity_t<Vector<Scalar, 2 * Dof>>& x) noexcept {
  Vector<Scalar, 2 * Dof> rate, state = x;
  model(x, rate);
  state.template tail<Dof>() = rate.template head<Dof>();
  return state;
}

}  // namespace metriplex
