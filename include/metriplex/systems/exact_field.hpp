#pragma once

#include "metriplex/systems/dissipative_field.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
#include "metriplex/systems/rate_field.hpp"

namespace metriplex {

/// Makes the exact field of the member `mu` of any system: with friction, of a rate of its own, or of its energy alone.
///
/// Shapes: mu [parameters x 1].
template <class S>
auto exact_field(const Vector<double, S::parameters>& mu) {
  require_system<S>();
  if constexpr (DissipativeSystem<S>)
    return DissipativeField<S>(mu);
  else if constexpr (HasSystemRate<S>)
    return RateField<S>(mu);
  else
    return hamiltonian_field<S>(mu);
}

}  // namespace metriplex
