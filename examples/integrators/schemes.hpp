#pragma once

#include "metriplex/integrate/average_vector_field.hpp"
#include "metriplex/integrate/composition.hpp"
#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/extended_phase_space.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/projection.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "scheme.hpp"

namespace metriplex::show {

/// Calls visit(scheme) for every scheme shown, family by family.
template <class Visit>
void for_each_scheme(Visit&& visit) {
  const auto add = [&]<class Integrator>(const char* name, Family family, const char* takes,
                                         Integrator integrator, bool fixed_level = false) {
    visit(Scheme<Integrator>{name, family, takes, integrator, fixed_level});
  };
  const char* const any = "any field";
  add("Euler", Family::runge_kutta, any, Euler{});
  add("Rk4", Family::runge_kutta, any, Rk4{});
  add("DormandPrince5", Family::runge_kutta, any, DormandPrince5{});
  add("CooperVerner8", Family::runge_kutta, any, CooperVerner8{});

  const char* const separable = "T(p) + V(q)";
  add("SymplecticEuler", Family::splitting, separable, SymplecticEuler{});
  add("StormerVerlet", Family::splitting, separable, StormerVerlet{});
  add("Ruth3", Family::splitting, separable, Ruth3{});
  add("McLachlanAtela4", Family::splitting, separable, McLachlanAtela4{});
  add("Yoshida4", Family::splitting, separable, Yoshida4{});
  add("Suzuki<StormerVerlet>", Family::splitting, separable, Suzuki<StormerVerlet>{});
  add("BlanesMoan4", Family::splitting, separable, BlanesMoan4{});
  add("Yoshida6", Family::splitting, separable, Yoshida6{});
  add("BlanesMoan6", Family::splitting, separable, BlanesMoan6{});
  add("Yoshida8", Family::splitting, separable, Yoshida8{});

  const char* const jacobian = "any field with a Jacobian";
  const char* const doubled = "canonical, as ExtendedField";
  add("ImplicitMidpoint", Family::symplectic, jacobian, ImplicitMidpoint{});
  add("Suzuki<ImplicitMidpoint>", Family::symplectic, jacobian, Suzuki<ImplicitMidpoint>{});
  add("GaussLegendre<2>", Family::symplectic, jacobian, GaussLegendre<2>{});
  add("GaussLegendre<3>", Family::symplectic, jacobian, GaussLegendre<3>{});
  add("Tao", Family::symplectic, doubled, Tao{});
  add("TripleJump<Tao>", Family::symplectic, doubled, TripleJump<Tao>{});
  add("Suzuki<Tao>", Family::symplectic, doubled, Suzuki<Tao>{});

  const char* const canonical = "canonical, with a Jacobian";
  add("ItohAbe", Family::energy, canonical, ItohAbe{});
  add("Gonzalez", Family::energy, canonical, Gonzalez{});
  add("Suzuki<Gonzalez>", Family::energy, canonical, Suzuki<Gonzalez>{});
  add("AverageVectorField<5>", Family::energy, jacobian, AverageVectorField<5>{});
  add("Projection<Rk4>, step's level", Family::energy, "canonical", Projection<Rk4>{});
  add("Projection<Rk4>", Family::energy, "canonical", Projection<Rk4>{}, true);
  add("Projection<CooperVerner8>", Family::energy, "canonical", Projection<CooperVerner8>{}, true);
}

}  // namespace metriplex::show
