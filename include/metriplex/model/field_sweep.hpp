#pragma once

#include <algorithm>
#include <cassert>
#include <tuple>

#include "metriplex/model/network_sweep.hpp"
#include "metriplex/model/structure_networks.hpp"
#include "metriplex/model/structure_tile.hpp"
#include "metriplex/nn/scaling.hpp"

namespace metriplex {

/// Evaluates the vector field of a structure over networks at a tile of points, and pulls its cotangents back
/// to the networks' weights and the points.
///
/// Shapes: tiles are points first, [Points x dim]; weights: one `MlpLayout` a network, one after the other.
template <Structure Structure, class Nets, RealScalar Scalar, int Points>
class FieldSweep {
  static_assert(require_networks<Structure, Nets>());

  static constexpr int networks = network_count<Structure>;
  static constexpr int columns = output_columns<Structure>;
  static constexpr int dim = Structure::dim;
  static constexpr int weights_at(int k) { return network_offset<Structure, Nets, Scalar>(k); }
  static constexpr NetworkSlot slot(int k) { return Structure::networks[static_cast<std::size_t>(k)]; }

  // One sweep a network. Bases, not a tuple: that would fill them with zeros whenever one is made.
  template <int k>
  struct Slot : NetworkSweep<Structure, Nets, k, Scalar, Points> {};
  template <class>
  struct Slots;
  template <int... k>
  struct Slots<std::integer_sequence<int, k...>> : Slot<k>... {};

  Slots<std::make_integer_sequence<int, networks>> slots_;
  alignas(64) Scalar outputs_[Points * columns];
  alignas(64) Scalar d_outputs_[Points * columns];
  alignas(
      64) Scalar scaled_[Points * (dim + dim / 2)];  // a Lagrangian sees velocities as a direction of q too
  StructureTile<Structure, Scalar, Points> tile_;

 public:
  using Scale = Scaling<Scalar, dim>;
  static constexpr int points = Points;
  static constexpr int weights_size = weights_at(networks);

  /// Evaluates the field, and the energy unless it is null; keeps what `pullback` needs if `keep`. Networks that
  /// see a row outside of [begin, end) count as zero, and cost nothing; `pullback` needs all.
  ///
  /// Shapes: x, dx [Points x dim]; energy [Points] or null.
  template <bool keep>
  void forward(const Scalar* weights, const Scale& scale, const Scalar* x, Scalar* dx,
               Scalar* energy = nullptr, int begin = 0, int end = dim) {
    if (energy != nullptr) std::fill_n(energy, Points, Scalar(0));
    unroll<networks>([&](auto k) {
      constexpr NetworkSlot role = slot(k());
      if (role.first < begin || role.end() > end)
        std::fill_n(slot_outputs<k()>(), Points * role.columns(), Scalar(0));
      else
        evaluate<k(), keep>(weights, scale, x, role.role == Role::energy ? energy : nullptr);
    });
    tile_.field(scale, x, outputs_, dx, energy);
  }

  /// Tells what the structure was given in the last evaluation of one point, [output_columns].
  const Scalar* outputs() const requires(Points == 1) { return outputs_; }

  /// Evaluates one kind of potential alone: adds its value to `value`, and its gradient to `gradient` unless null.
  ///
  /// Shapes: x, gradient [dim], value [1].
  template <Role Part>
  void potential(const Scalar* weights, const Scale& scale, const Scalar* x, Scalar* value,
                 Scalar* gradient) requires(Points == 1) {
    if constexpr (Part == Role::energy && HasOwnEnergy<Structure>) {  // which depends on all networks
      Scalar dx[dim], d_x[dim], total;
      const Scalar one = 1, still[dim] = {};
      forward<true>(weights, scale, x, dx, &total);
      *value += total;
      if (gradient == nullptr) return;
      pullback(weights, scale, &one, still, nullptr, d_x);
      for (int i = 0; i < dim; ++i) gradient[i] += d_x[i];
      return;
    }
    unroll<networks>([&](auto k) {
      constexpr NetworkSlot role = slot(k());
      if constexpr (role.role == Part) {
        evaluate<k(), false>(weights, scale, x, value);
        for (int i = 0; gradient != nullptr && i < role.rows; ++i)
          gradient[role.row(i)] += slot_outputs<k()>()[i];
      }
    });
  }

  /// Evaluates the field at a point with the gradients of the potentials replaced by those given.
  ///
  /// Shapes: x, energy_gradient, entropy_gradient, dx [dim].
  void forward_with(const Scalar* weights, const Scale& scale, const Scalar* x, const Scalar* energy_gradient,
                    const Scalar* entropy_gradient, Scalar* dx) requires(Points == 1) {
    unroll<networks>([&](auto k) {
      constexpr NetworkSlot role = slot(k());
      if constexpr (role.is_potential()) {
        const Scalar* gradient = role.role == Role::energy ? energy_gradient : entropy_gradient;
        for (int i = 0; i < role.rows; ++i) slot_outputs<k()>()[i] = gradient[role.row(i)];
      } else {
        evaluate<k(), false>(weights, scale, x, nullptr);
      }
    });
    tile_.field(scale, x, outputs_, dx, nullptr);
  }

  /// Pulls cotangents of the field and of the energy back: accumulates into `d_weights` or, if `overwrite`,
  /// overwrites all but its padding; overwrites `d_x`.
  ///
  /// Shapes: d_energy [Points] or null; d_dx [Points x dim]; d_weights as the weights or null; d_x [Points x
  /// dim] or null. Follows a `forward<true>`; for one point any number of times, else once.
  void pullback(const Scalar* weights, const Scale& scale, const Scalar* d_energy, const Scalar* d_dx,
                Scalar* d_weights, Scalar* d_x, bool overwrite = false) {
    tile_.pullback(outputs_, d_energy, d_dx, d_outputs_, d_x);
    unroll<networks>([&](auto k) {
      constexpr NetworkSlot role = slot(k());
      constexpr int at = weights_at(k());
      Scalar* d_output = d_outputs_ + Points * output_offset<Structure>(k());
      if constexpr (HasKnown<typename Slot<k()>::Net>)
        if (d_x != nullptr)
          slots_.Slot<k()>::known.pullback(role.role == Role::energy ? d_energy : nullptr, d_output, d_x);
      scale_outputs<k()>(scale, d_output);
      auto& sweep = slots_.Slot<k()>::sweep;
      Scalar* d_network = d_weights != nullptr ? d_weights + at : nullptr;
      if constexpr (!role.is_potential()) {
        if constexpr (Points == 1)
          sweep.pullback(weights + at, d_output, scaled_);
        else
          sweep.pullback(weights + at, d_output, d_network, d_x != nullptr ? scaled_ : nullptr, overwrite);
      } else {
        alignas(64) Scalar d_value[Points];
        const bool has_value = d_energy != nullptr && role.role == Role::energy;
        for (int p = 0; has_value && p < Points; ++p) d_value[p] = scale.energy * d_energy[p];
        const Scalar* d_potential = has_value ? d_value : nullptr;
        if constexpr (Points == 1)
          sweep.pullback(weights + at, d_potential, d_output, scaled_);
        else
          sweep.pullback(weights + at, d_potential, d_output, d_network, d_x != nullptr ? scaled_ : nullptr,
                         overwrite);
      }
      assert((Points > 1 || d_weights == nullptr) &&
             "one point alone has no pullback to the weights; use a tile");
      if (d_x == nullptr) return;
      for (int i = 0; i < Slot<k()>::Net::inputs; ++i) {
        const int row = role.row(i);
        const Scalar factor = IsShared<typename Slot<k()>::Net> ? Scalar(1) : scale.inverse_scale[row];
        for (int p = 0; p < Points; ++p) d_x[row * Points + p] += factor * scaled_[i * Points + p];
      }
      if constexpr (Slot<k()>::motion)
        for (int i = 0; i < role.rows / 2; ++i)
          for (int p = 0; p < Points; ++p)
            d_x[(role.first + role.rows / 2 + i) * Points + p] +=
                scale.inverse_scale[role.first + i] * scaled_[(role.rows + i) * Points + p];
    });
  }

  /// Evaluates how the field of the last `forward<true>` changes as the weights change along a direction; any number of
  /// times, but of a tile not after a `pullback`.
  ///
  /// Shapes: weights, along: one `MlpLayout` a network; tangent [Points x dim].
  void tangent(const Scalar* weights, const Scale& scale, const Scalar* along, Scalar* tangent) {
    unroll<networks>([&](auto k) {
      Scalar* moved = d_outputs_ + Points * output_offset<Structure>(k());
      slots_.Slot<k()>::sweep.tangent(weights + weights_at(k()), along + weights_at(k()), moved);
      scale_outputs<k()>(scale, moved);
    });
    tile_.tangent(outputs_, d_outputs_, tangent);
  }

 private:
  template <int k>
  Scalar* slot_outputs() {
    return outputs_ + Points * output_offset<Structure>(k);
  }

  /// Fills the outputs of network k, and adds its value, if it is a potential, to `value` unless null.
  template <int k, bool keep>
  void evaluate(const Scalar* weights, const Scale& scale, const Scalar* x, Scalar* value) {
    if constexpr (Slot<k>::motion)
      for (int i = 0, q = slot(k).first, v = q + slot(k).rows / 2; i < slot(k).rows / 2; ++i, ++q, ++v)
        for (int p = 0; p < Points; ++p)
          scaled_[(slot(k).rows + i) * Points + p] =
              (x[v * Points + p] + scale.origin[v]) * scale.inverse_scale[q];
    auto& sweep = slots_.Slot<k>::sweep;
    const Scalar* seen = scaled_;
    if constexpr (IsShared<typename Slot<k>::Net>) {  // whose units are those of groups
      sweep.prepare(scale, slot(k).first);
      seen = x + slot(k).first * Points;
    } else {
      for (int i = 0; i < Slot<k>::Net::inputs; ++i) {
        const int row = slot(k).row(i);
        for (int p = 0; p < Points; ++p)
          scaled_[i * Points + p] = (x[row * Points + p] - scale.mean[row]) * scale.inverse_scale[row];
      }
    }
    if constexpr (slot(k).is_potential()) {
      alignas(64) Scalar raw[Points];
      sweep.template forward<keep>(weights + weights_at(k), seen, value != nullptr ? raw : nullptr,
                                   slot_outputs<k>());
      for (int p = 0; value != nullptr && p < Points; ++p) value[p] += unit_of(scale, slot(k).role) * raw[p];
    } else {
      sweep.forward(weights + weights_at(k), seen, slot_outputs<k>());
    }
    scale_outputs<k>(scale, slot_outputs<k>());
    if constexpr (HasKnown<typename Slot<k>::Net>)
      slots_.Slot<k>::known.add(scale, x, value, slot_outputs<k>());
  }

  /// Gives the outputs of network k their units; the map is its own transpose.
  template <int k>
  void scale_outputs(const Scale& scale, Scalar* outputs) const {
    constexpr NetworkSlot role = slot(k);
    if constexpr (role.role == Role::coefficients && !HasComponents<Structure>) return;
    for (int i = 0; i < role.columns(); ++i) {
      const Scalar factor = IsShared<typename Slot<k>::Net> ? unit_of(scale, role.role)
                                                            : unit_of_column<Structure, k>(scale, i);
      for (int p = 0; p < Points; ++p) outputs[i * Points + p] *= factor;
    }
  }
};

}  // namespace metriplex
