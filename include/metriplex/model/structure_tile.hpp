#pragma once

#include <algorithm>
#include <type_traits>

#include "metriplex/autodiff/dual.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/nn/simd.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Applies a structure to a tile of points, a register of them at a time, or to one point.
///
/// Shapes: tiles are points first: x, dx [Points x dim], outputs [Points x output_columns], energy [Points].
template <Structure Structure, RealScalar Scalar, int Points>
class StructureTile {
  static constexpr int dim = Structure::dim, columns = output_columns<Structure>;
  static constexpr bool sees_state = SeesState<Structure>;
  // What the structure computes with.
  using Value = std::conditional_t<Points == 1, Scalar, Pack<Scalar>>;
  static constexpr int step = Points == 1 ? 1 : lanes<Scalar>;

  alignas(64) Scalar seen_[sees_state ? Points * dim : 1];  // the states of the last `field`
  Scalar unit_[sees_state ? dim : 1];

 public:
  /// Writes the field, and adds to `energy`, unless null, what the structure has of its own.
  void field(const Scaling<Scalar, dim>& scale, const Scalar* x, const Scalar* outputs, Scalar* dx,
             Scalar* energy) {
    if constexpr (sees_state)
      for (int i = 0; i < dim; ++i) {
        unit_[i] = 1 / scale.inverse_scale[i];
        for (int p = 0; p < Points; ++p) seen_[i * Points + p] = x[i * Points + p] + scale.origin[i];
      }
    const Here<Value> here(unit_);
    for (int p = 0; p < Points; p += step) {
      Value in[columns], state[dim], out[dim];
      gather<columns>(outputs, p, in);
      const Place<Value> at = here.place(seen_, p, state);
      field_of<Structure>(at, in, out);
      scatter<dim>(out, dx, p);
      if constexpr (HasOwnEnergy<Structure>)
        if (energy != nullptr) {
          Value own[1];
          gather<1>(energy, p, own);
          own[0] += Structure::energy(at, in);
          scatter<1>(own, energy, p);
        }
    }
  }

  /// Writes the cotangents of the outputs and, unless null, what the states get not through networks.
  ///
  /// Shapes: d_energy [Points] or null. Follows a `field`.
  void pullback(const Scalar* outputs, const Scalar* d_energy, const Scalar* d_dx, Scalar* d_outputs,
                Scalar* d_x) const {
    if (!sees_state && d_x != nullptr) std::fill_n(d_x, Points * dim, Scalar(0));
    const Here<Value> here(unit_);
    for (int p = 0; p < Points; p += step) {
      Value in[columns], d_out[dim], d_in[columns];
      gather<columns>(outputs, p, in);
      gather<dim>(d_dx, p, d_out);
      if constexpr (sees_state) {
        Value state[dim], d_state[dim];
        const Place<Value> at = here.place(seen_, p, state);
        Structure::pullback(at, in, d_out, d_in, d_state);
        if constexpr (HasOwnEnergy<Structure>)
          if (d_energy != nullptr) {
            Value d_own[1];
            gather<1>(d_energy, p, d_own);
            Structure::energy_pullback(at, in, d_own[0], d_in, d_state);
          }
        if (d_x != nullptr) scatter<dim>(d_state, d_x, p);
      } else {
        Structure::pullback(in, d_out, d_in);
      }
      scatter<columns>(d_in, d_outputs, p);
    }
  }

  /// Writes how the field changes as the outputs change. Follows a `field`.
  void tangent(const Scalar* outputs, const Scalar* along, Scalar* tangent) const {
    using Number = Dual<Scalar, 1>;
    const Here<Number> here(unit_);
    for (int p = 0; p < Points; ++p) {
      Number in[columns], state[dim], out[dim];
      for (int i = 0; i < columns; ++i) in[i] = {outputs[i * Points + p], {along[i * Points + p]}};
      field_of<Structure>(here.place(seen_, p, state), in, out);
      for (int i = 0; i < dim; ++i) tangent[i * Points + p] = out[i].tangent[0];
    }
  }

 private:
  /// Is where structures that see the state are, in numbers of type T.
  template <class T>
  struct Here {
    T unit[sees_state ? dim : 1];

    explicit Here(const Scalar* units) {
      if constexpr (sees_state)
        for (int i = 0; i < dim; ++i) unit[i] = T{} + units[i];
    }
    Place<T> place(const Scalar* seen, int p, T* state) const {
      if constexpr (sees_state && std::is_same_v<T, Value>) gather<dim>(seen, p, state);
      if constexpr (sees_state && !std::is_same_v<T, Value>)
        for (int i = 0; i < dim; ++i) state[i] = T{} + seen[i * Points + p];
      return {state, unit};
    }
  };

  template <int count>
  static void gather(const Scalar* tile, int p, Value* values) {
    for (int i = 0; i < count; ++i)
      if constexpr (Points == 1)
        values[i] = tile[i];
      else
        values[i] = load(tile + i * Points + p);
  }
  template <int count>
  static void scatter(const Value* values, Scalar* tile, int p) {
    for (int i = 0; i < count; ++i)
      if constexpr (Points == 1)
        tile[i] = values[i];
      else
        store(tile + i * Points + p, values[i]);
  }
};

}  // namespace metriplex
