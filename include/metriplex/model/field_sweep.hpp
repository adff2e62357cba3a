#pragma once

#include <algorithm>
#include <cassert>

#include "metriplex/nn/gradient_sweep.hpp"
#include "metriplex/nn/point_sweep.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Whether a network fits every potential of a structure.
template <class Structure, class Net>
consteval bool network_fits() {
  for (const Potential& potential : Structure::potentials)
    if (potential.rows != Net::inputs) return false;
  return true;
}

/// Evaluates the vector field of a structure over networks at a tile of points, and pulls its cotangents back
/// to the networks' weights and the points.
///
/// Shapes: tiles are points first, [Points x dim]; weights: one `MlpLayout` a potential, one after the other.
template <Structure Structure, class Net, RealScalar Scalar, int Points>
class FieldSweep {
  static_assert(Structure::potentials[0].rows == Net::inputs,
                "the network's number of inputs differs from the rows of the state that the structure's "
                "potential sees");
  static_assert(network_fits<Structure, Net>(), "the network must fit every potential of the structure");
  static_assert(Net::outputs == 1, "a potential is a network with one output");

  static constexpr int potentials = static_cast<int>(Structure::potentials.size());
  static constexpr int inputs = Net::inputs;
  static constexpr int columns = gradient_columns<Structure>;
  static constexpr int layout = Points == 1 ? Eigen::RowMajor : Eigen::ColMajor;
  template <int Columns>
  using Tile = Eigen::Matrix<Scalar, Points, Columns, layout>;

  using Sweep = std::conditional_t<Points == 1, PointSweep<Net, Scalar>, GradientSweep<Net, Scalar, Points>>;
  std::array<Sweep, potentials> sweeps_;
  alignas(64) Scalar gradients_[Points * columns];
  alignas(64) Scalar scaled_[Points * inputs];

 public:
  using Scale = Scaling<Scalar, Structure::dim>;
  static constexpr int points = Points;
  static constexpr int weights_size = potentials * MlpLayout<Net, Scalar>::size();

  /// Evaluates the field, and the energy unless it is null; keeps what `pullback` needs if `keep`. Potentials
  /// that see a row outside of [begin, end) count as zero, and cost nothing; `pullback` needs all.
  ///
  /// Shapes: x, dx [Points x dim]; energy [Points] or null.
  template <bool keep>
  void forward(const Scalar* weights, const Scale& scale, const Scalar* x, Scalar* dx,
               Scalar* energy = nullptr, int begin = 0, int end = Structure::dim) {
    if (energy != nullptr)
      for (int p = 0; p < Points; ++p) energy[p] = Scalar(0);
    for (int k = 0; k < potentials; ++k) {
      const Scalar* w = weights + k * MlpLayout<Net, Scalar>::size();
      Scalar* gradient = gradients_ + k * Points * inputs;
      if (first(k) < begin || first(k) + inputs > end) {
        std::fill_n(gradient, Points * inputs, Scalar(0));
        continue;
      }
      for (int i = 0; i < inputs; ++i) {
        const int row = first(k) + i;
        for (int p = 0; p < Points; ++p)
          scaled_[i * Points + p] = (x[row * Points + p] - scale.mean[row]) * scale.inverse_scale[row];
      }
      alignas(64) Scalar value[Points];
      sweep(k).template forward<keep>(w, scaled_, energy != nullptr ? value : nullptr, gradient);
      scale_gradient(scale, k, gradient, gradient);
      if (energy != nullptr)
        for (int p = 0; p < Points; ++p) energy[p] += scale.energy * value[p];
    }
    Eigen::Map<Tile<Structure::dim>> out(dx);
    Structure::field(Eigen::Map<const Tile<columns>>(gradients_), out);
  }

  /// Pulls cotangents of the field and of the energy back: accumulates into `d_weights` or, if `overwrite`,
  /// overwrites all but its padding; overwrites `d_x`.
  ///
  /// Shapes: d_energy [Points] or null; d_dx [Points x dim]; d_weights as the weights or null; d_x [Points x
  /// dim] or null. Follows a `forward<true>`; for one point any number of times, else once.
  void pullback(const Scalar* weights, const Scale& scale, const Scalar* d_energy, const Scalar* d_dx,
                Scalar* d_weights, Scalar* d_x, bool overwrite = false) {
    Eigen::Map<Tile<columns>> d_gradients(gradients_);
    Structure::pullback(Eigen::Map<const Tile<Structure::dim>>(d_dx), d_gradients);
    if (d_x != nullptr)
      for (int i = 0; i < Points * Structure::dim; ++i) d_x[i] = Scalar(0);
    for (int k = 0; k < potentials; ++k) {
      const int offset = k * MlpLayout<Net, Scalar>::size();
      Scalar* d_gradient = gradients_ + k * Points * inputs;
      scale_gradient(scale, k, d_gradient, d_gradient);
      alignas(64) Scalar d_value[Points];
      if (d_energy != nullptr)
        for (int p = 0; p < Points; ++p) d_value[p] = scale.energy * d_energy[p];
      const Scalar* d_potential = d_energy != nullptr ? d_value : nullptr;
      if constexpr (Points == 1) {
        assert(d_weights == nullptr && "one point alone has no pullback to the weights; use a tile");
        sweep(k).pullback(weights + offset, d_potential, d_gradient, scaled_);
      } else {
        sweep(k).pullback(weights + offset, d_potential, d_gradient,
                          d_weights != nullptr ? d_weights + offset : nullptr,
                          d_x != nullptr ? scaled_ : nullptr, overwrite);
      }
      if (d_x == nullptr) continue;
      for (int i = 0; i < inputs; ++i) {
        const int row = first(k) + i;
        for (int p = 0; p < Points; ++p)
          d_x[row * Points + p] += scale.inverse_scale[row] * scaled_[i * Points + p];
      }
    }
  }

 private:
  static constexpr int first(int k) { return Structure::potentials[static_cast<std::size_t>(k)].first; }
  auto& sweep(int k) { return sweeps_[static_cast<std::size_t>(k)]; }

  /// to = c · from ⊘ s, for the rows that potential k sees; the map is its own transpose.
  void scale_gradient(const Scale& scale, int k, const Scalar* from, Scalar* to) const {
    for (int i = 0; i < inputs; ++i) {
      const Scalar factor = scale.energy * scale.inverse_scale[first(k) + i];
      for (int p = 0; p < Points; ++p) to[i * Points + p] = factor * from[i * Points + p];
    }
  }
};

}  // namespace metriplex
