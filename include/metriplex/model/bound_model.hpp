#pragma once

#include <memory>

#include "metriplex/core/error.hpp"
#include "metriplex/model/field_sweep.hpp"

namespace metriplex {

/// A model of one system: plain weights of fixed sizes, whatever modulation they came from, as a vector field
/// with an energy. Evaluation allocates nothing and is safe from several threads at once.
template <Structure StructureType, class Net, RealScalar ScalarType>
class BoundModel {
 public:
  using Structure = StructureType;
  using Network = Net;
  using Scalar = ScalarType;
  static constexpr int dimension = Structure::dim;
  static constexpr bool canonical = Structure::canonical;
  using State = Vector<Scalar, dimension>;
  using Jacobian = Matrix<Scalar, dimension, dimension>;
  using Half = Vector<Scalar, dimension / 2>;
  template <int Points>
  using Sweep = FieldSweep<Structure, Net, Scalar, Points>;

  /// Takes over effective weights (one `MlpLayout` a potential) and the scaling of states and energy.
  ///
  /// Errors: weights of another size.
  BoundModel(Vector<Scalar> weights, const Scaling<Scalar, dimension>& scaling)
      : weights_(std::move(weights)), scaling_(scaling) {
    require(weights_.size() == Sweep<1>::weights_size,
            {"a bound model needs ", Sweep<1>::weights_size, " weights; got ", weights_.size()});
  }

  static constexpr int dim() { return dimension; }
  const Vector<Scalar>& weights() const { return weights_; }
  Vector<Scalar>& weights() { return weights_; }
  const Scaling<Scalar, dimension>& scaling() const { return scaling_; }

  /// Evaluates the field.
  ///
  /// Shapes: x, dx [dim].
  /// Cost: two passes over the weights.
  void operator()(const State& x, State& dx) const noexcept;

  State operator()(const State& x) const noexcept {
    State dx;
    (*this)(x, dx);
    return dx;
  }

  /// Evaluates the energy: the sum of the structure's potentials. Up to a constant, which no field can tell.
  Scalar energy(const State& x) const noexcept;

  /// Evaluates the exact Jacobian of the field.
  ///
  /// Math: row i is the pullback of unit cotangent i.
  /// Shapes: jacobian [dim x dim].
  /// Cost: dim + 1 evaluations.
  void jacobian(const State& x, Jacobian& jacobian) const noexcept;

  /// Evaluates the field, and the energies unless null, at many states at once, at the batched kernel's
  /// speed.
  ///
  /// Shapes: x, dx [dim x points], energies [points].
  /// Cost: one allocation of a few tiles a call.
  /// Errors: dx of another shape.
  void batch(const Eigen::Ref<const Matrix<Scalar, dimension>>& x, Eigen::Ref<Matrix<Scalar, dimension>> dx,
             Vector<Scalar>* energies = nullptr) const;

  /// Evaluates q̇ from p alone; with `force`, what explicit symplectic splittings step.
  ///
  /// Cost: the potentials that see p.
  void velocity(const Half& p, Half& dq) const noexcept requires Structure::separable {
    State x = State::Zero(), dx;
    x.tail(dimension / 2) = p;
    half(x, dx, dimension / 2);
    dq = dx.head(dimension / 2);
  }
  /// Evaluates ṗ from q alone.
  ///
  /// Cost: the potentials that see q.
  void force(const Half& q, Half& dp) const noexcept requires Structure::separable {
    State x = State::Zero(), dx;
    x.head(dimension / 2) = q;
    half(x, dx, 0);
    dp = dx.tail(dimension / 2);
  }

 private:
  // The field of the potentials that see the half of the state that begins at row `first`.
  void half(const State& x, State& dx, int first) const noexcept;

  Vector<Scalar> weights_;
  Scaling<Scalar, dimension> scaling_;
};

// Outside the class, so that `extern template class BoundModel<...>` keeps the kernels out of a translation
// unit.

template <Structure StructureType, class Net, RealScalar ScalarType>
void BoundModel<StructureType, Net, ScalarType>::operator()(const State& x, State& dx) const noexcept {
  Sweep<1> sweep;
  sweep.template forward<false>(weights_.data(), scaling_, x.data(), dx.data());
}

template <Structure StructureType, class Net, RealScalar ScalarType>
void BoundModel<StructureType, Net, ScalarType>::half(const State& x, State& dx, int first) const noexcept {
  Sweep<1> sweep;
  sweep.template forward<false>(weights_.data(), scaling_, x.data(), dx.data(), nullptr, first,
                                first + dimension / 2);
}

template <Structure StructureType, class Net, RealScalar ScalarType>
ScalarType BoundModel<StructureType, Net, ScalarType>::energy(const State& x) const noexcept {
  Sweep<1> sweep;
  State dx;
  Scalar energy;
  sweep.template forward<false>(weights_.data(), scaling_, x.data(), dx.data(), &energy);
  return energy;
}

template <Structure StructureType, class Net, RealScalar ScalarType>
void BoundModel<StructureType, Net, ScalarType>::jacobian(const State& x, Jacobian& jacobian) const noexcept {
  Sweep<1> sweep;
  State dx;
  sweep.template forward<true>(weights_.data(), scaling_, x.data(), dx.data());
  for (int i = 0; i < dimension; ++i) {
    Scalar unit[dimension] = {}, row[dimension];
    unit[i] = Scalar(1);
    sweep.pullback(weights_.data(), scaling_, nullptr, unit, nullptr, row);
    for (int j = 0; j < dimension; ++j) jacobian(i, j) = row[j];
  }
}

template <Structure StructureType, class Net, RealScalar ScalarType>
void BoundModel<StructureType, Net, ScalarType>::batch(const Eigen::Ref<const Matrix<Scalar, dimension>>& x,
                                                       Eigen::Ref<Matrix<Scalar, dimension>> dx,
                                                       Vector<Scalar>* energies) const {
  require(x.cols() == dx.cols(),
          {"a batch of ", x.cols(), " states needs as many columns for the field; got ", dx.cols()});
  constexpr int points = tile_points<Scalar>;
  const auto sweep = std::make_unique<Sweep<points>>();
  alignas(64) Scalar x_tile[points * dimension] = {}, dx_tile[points * dimension], energy_tile[points];
  if (energies != nullptr) energies->resize(x.cols());
  for (Index start = 0; start < x.cols(); start += points) {
    const auto count = static_cast<int>(std::min<Index>(points, x.cols() - start));
    for (int p = 0; p < count; ++p)
      for (int i = 0; i < dimension; ++i) x_tile[i * points + p] = x(i, start + p);
    sweep->template forward<false>(weights_.data(), scaling_, x_tile, dx_tile,
                                   energies != nullptr ? energy_tile : nullptr);
    for (int p = 0; p < count; ++p) {
      for (int i = 0; i < dimension; ++i) dx(i, start + p) = dx_tile[i * points + p];
      if (energies != nullptr) (*energies)[start + p] = energy_tile[p];
    }
  }
}

}  // namespace metriplex
