#pragma once

#include "metriplex/model/bound_model.hpp"

namespace metriplex {

/// Evaluates the power that comes into a driven model at x: its energy gains at most that, and without friction just that.
///
/// Math: yᵀũ of `Driven`, ∂E/∂x·F of `Forced`.
template <class Bound>
  requires HasSupply<typename Bound::Structure>
typename Bound::Scalar supplied_power(const Bound& model, const typename Bound::State& x) noexcept {
  const auto outputs = model.outputs(x);
  typename Bound::State slope;
  model.energy_gradient(x, slope);
  const typename Bound::State unit = model.scaling().inverse_scale.cwiseInverse();
  return Bound::Structure::supply(Place<typename Bound::Scalar>{x.data(), unit.data()}, outputs.data(),
                                  static_cast<const typename Bound::Scalar*>(slope.data()));
}

/// Evaluates the outputs of a driven model's port at x, those that the power of the inputs is: what one measures where one pushes.
///
/// Math: y = Gᵀ∂E/∂x in the units of u, so that yᵀu is a power (van der Schaft & Jeltsema 2014).
/// Shapes: result [inputs].
template <class Bound>
  requires requires {
    &Bound::Structure::template port<double>;
  }
auto port_output(const Bound& model, const typename Bound::State& x) noexcept {
  using Structure = typename Bound::Structure;
  constexpr int inputs = given_count<Structure>;
  const auto outputs = model.outputs(x);
  typename Bound::State slope;
  model.energy_gradient(x, slope);
  Vector<typename Bound::Scalar, inputs> y;
  Structure::port(outputs.data(), slope.data(), y.data());
  return (y.array() * model.scaling().inverse_scale.template tail<inputs>().array()).matrix().eval();
}

}  // namespace metriplex
