#pragma once

#include <cmath>
#include <cstddef>

#include "metriplex/model/structure_networks.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Fits the unit of an energy that moves states through a known bracket, which ties it to the units of the states and time.
///
/// Math: c² = Σ |ẋ ⊘ s|² / Σ Σ_k |J(x) e_k/s_k ⊘ s|² over the points: slopes of the energy are about c/s, of either sign.
/// Shapes: x, dx [dim x points].
/// Errors: a bracket that is zero at all states, or numbers beyond what Scalar holds.
template <SeesState S, RealScalar Scalar, class X, class DX>
  requires GradientStructure<S> Scalar energy_unit(const Scaling<Scalar, S::dim>& scaling, const X& x,
                                                   const DX& dx) {
    constexpr int dim = S::dim;
    double unit[dim], state[dim], slope[dim] = {}, moved[dim], measured = 0, made = 0;
    for (int i = 0; i < dim; ++i) unit[i] = 1 / static_cast<double>(scaling.inverse_scale[i]);
    for (Index p = 0; p < x.cols(); ++p) {
      for (int i = 0; i < dim; ++i) {
        state[i] = static_cast<double>(x(i, p));
        measured = std::hypot(measured, static_cast<double>(dx(i, p)) / unit[i]);
      }
      for (int k = 0; k < dim; ++k) {
        slope[k] = 1 / unit[k];
        S::field(Place<double>{state, unit}, slope, moved);
        slope[k] = 0;
        for (int i = 0; i < dim; ++i) made = std::hypot(made, moved[i] / unit[i]);
      }
    }
    const auto fitted = static_cast<Scalar>(measured > 0 ? measured / made : 1);
    require(std::isfinite(fitted) && fitted > 0,
            {"the bracket of ", S::name, " is expected to move the measured states, whose rates come to ",
             measured, "; it comes to ", made, " for slopes of 1"});
    return fitted;
  }

/// Fits all of a model's units to measured states and rates: each component's, those of its rates, of the energy and of friction.
///
/// Math: `Scaling::fit`, `Scaling::fit_dissipative`, `energy_unit`; angles are pure numbers, and have no mean.
/// Shapes: x, dx [dim x points].
/// Errors: as these.
template <class Model, class X, class DX>
void fit_units(Model& model, const X& x, const DX& dx) {
  using S = typename Model::Structure;
  auto& scaling = model.scaling();
  if constexpr (DissipativeStructure<S>)
    scaling = Model::Scale::fit_dissipative(x, dx, S::canonical_pairs, S::entropy_slope);
  else
    scaling = Model::Scale::fit(x, dx, S::canonical_pairs, has_operators<S>);
  for (int i = 0; i < Model::dimension; ++i)
    if (angle_components<S, typename Model::Network>[static_cast<std::size_t>(i)]) {
      scaling.mean[i] = 0;
      scaling.inverse_scale[i] = 1;
    }
  if constexpr (SeesState<S> && GradientStructure<S>) scaling.energy = energy_unit<S>(scaling, x, dx);
}

}  // namespace metriplex
