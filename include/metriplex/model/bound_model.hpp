#pragma once

#include <memory>

#include "metriplex/core/error.hpp"
#include "metriplex/model/field_sweep.hpp"

namespace metriplex {

/// A model of one system: plain weights of fixed sizes, whatever modulation they came from, as a vector field
/// with an energy, and an entropy if it is dissipative. Evaluation allocates nothing and is safe from several threads at
/// once. `WeightsType` is where the weights lie: on the heap, or inside the model.
template <Structure StructureType, class Nets, RealScalar ScalarType, class WeightsType = Vector<ScalarType>>
class BoundModel {
 public:
  using Structure = StructureType;
  using Network = Nets;
  using Scalar = ScalarType;
  using Weights = WeightsType;
  static constexpr int dimension = Structure::dim;
  static constexpr bool canonical = Structure::canonical, keeps_energy = metriplex::keeps_energy<Structure>;
  using State = Vector<Scalar, dimension>;
  using Jacobian = Matrix<Scalar, dimension, dimension>;
  using Half = Vector<Scalar, dimension / 2>;
  template <int Points>
  using Sweep = FieldSweep<Structure, Nets, Scalar, Points>;

  /// Takes over effective weights (one `MlpLayout` a network) and the scaling of states and energy.
  ///
  /// Errors: weights of another size.
  BoundModel(Weights weights, const Scaling<Scalar, dimension>& scaling)
      : weights_(std::move(weights)), scaling_(scaling) {
    require(weights_.size() == Sweep<1>::weights_size,
            {"a bound model needs ", Sweep<1>::weights_size, " weights; got ", weights_.size()});
  }

  static constexpr int dim() { return dimension; }
  static constexpr int given() { return given_count<Structure>; }
  const Weights& weights() const { return weights_; }
  Weights& weights() { return weights_; }
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

  /// Evaluates the energy: the sum of the structure's energies. Up to a constant, which no field can tell.
  template <EnergyStructure S = Structure>
  Scalar energy(const State& x) const noexcept {
    return potential<Role::energy>(x, nullptr);
  }

  /// Evaluates the gradient of the energy.
  template <EnergyStructure S = Structure>
  void energy_gradient(const State& x, State& gradient) const noexcept {
    gradient.setZero();
    potential<Role::energy>(x, gradient.data());
  }

  /// Evaluates the field with another vector in the place of the energy's gradient; what `GenericGonzalez` steps.
  ///
  /// Math: A(x) e, so that dx·e ≤ 0 for any e, and = 0 without friction.
  template <GradientStructure S = Structure>
  void gradient_rate(const State& x, const State& energy_gradient, State& dx) const noexcept {
    Sweep<1> sweep;
    sweep.forward_with(weights_.data(), scaling_, x.data(), energy_gradient.data(), nullptr, dx.data());
  }

  // What not all structures have is templates: Clang 14 instantiates constrained members of an explicitly instantiated class.

  /// Evaluates the entropy, the known and the learned; of a learned one up to a constant.
  template <DissipativeStructure S = Structure>
  Scalar entropy(const State& x) const noexcept {
    Scalar known = 0;
    for (int i = 0; i < dimension; ++i) known += entropy_slope<S>(i) * x[i];
    return known + potential<Role::entropy>(x, nullptr);
  }

  /// Evaluates the gradients of energy and entropy; with `generic_rate`, what discrete gradients step.
  template <DissipativeStructure S = Structure>
  void gradients(const State& x, State& energy_gradient, State& entropy_gradient) const noexcept {
    this->energy_gradient(x, energy_gradient);
    for (int i = 0; i < dimension; ++i) entropy_gradient[i] = entropy_slope<S>(i);
    potential<Role::entropy>(x, entropy_gradient.data());
  }

  /// Evaluates the field with other vectors in the place of ∇E and ∇S, wherever those stand (of ∇S: its learned part).
  ///
  /// Math: L(x; s) e + M(x; e) s, so that dx·e = 0 and dx·s ≥ 0 for any e and s.
  template <DissipativeStructure S = Structure>
  void generic_rate(const State& x, const State& energy_gradient, const State& entropy_gradient,
                    State& dx) const noexcept {
    Sweep<1> sweep;
    sweep.forward_with(weights_.data(), scaling_, x.data(), energy_gradient.data(), entropy_gradient.data(),
                       dx.data());
  }

  /// Evaluates what the structure is made of at x: the outputs of all its networks.
  Vector<Scalar, output_columns<Structure>> outputs(const State& x) const noexcept {
    Sweep<1> sweep;
    State dx;
    sweep.template forward<false>(weights_.data(), scaling_, x.data(), dx.data());
    return Vector<Scalar, output_columns<Structure>>::Map(sweep.outputs());
  }

  /// Evaluates the rate at which friction makes entropy: a sum of squares, never negative, not even by rounding.
  ///
  /// Math: ∇Sᵀ M ∇S.
  template <DissipativeStructure S = Structure>
  Scalar entropy_production(const State& x) const noexcept {
    State energy_gradient, entropy_gradient, rate;
    gradients(x, energy_gradient, entropy_gradient);
    return S::friction(outputs(x).data(), entropy_gradient.data(), rate.data());
  }

  /// Writes the operators at x.
  ///
  /// Shapes: L, M [dim x dim].
  template <DissipativeStructure S = Structure>
  void operators(const State& x, Jacobian& L, Jacobian& M) const noexcept {
    const auto made_of = outputs(x);
    for (int j = 0; j < dimension; ++j) {
      State unit = State::Zero();
      unit[j] = Scalar(1);
      S::poisson(made_of.data(), unit.data(), L.data() + j * dimension);
      S::friction(made_of.data(), unit.data(), M.data() + j * dimension);
    }
  }

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
  template <DissipativeStructure S>
  static constexpr Scalar entropy_slope(int i) {
    return static_cast<Scalar>(S::entropy_slope[static_cast<std::size_t>(i)]);
  }

  // Returns the sum of one kind of potential, and adds its gradient to `gradient` unless null.
  template <Role Part>
  Scalar potential(const State& x, Scalar* gradient) const noexcept {
    Sweep<1> sweep;
    Scalar value = 0;
    sweep.template potential<Part>(weights_.data(), scaling_, x.data(), &value, gradient);
    return value;
  }

  // The field of the potentials that see the half of the state that begins at row `first`.
  void half(const State& x, State& dx, int first) const noexcept;

  Weights weights_;
  Scaling<Scalar, dimension> scaling_;
};

// Outside the class, so that `extern template class BoundModel<...>` keeps the kernels out of a translation
// unit.

template <Structure StructureType, class Nets, RealScalar ScalarType, class WeightsType>
void BoundModel<StructureType, Nets, ScalarType, WeightsType>::operator()(const State& x,
                                                                          State& dx) const noexcept {
  Sweep<1> sweep;
  sweep.template forward<false>(weights_.data(), scaling_, x.data(), dx.data());
}

template <Structure StructureType, class Nets, RealScalar ScalarType, class WeightsType>
void BoundModel<StructureType, Nets, ScalarType, WeightsType>::half(const State& x, State& dx,
                                                                    int first) const noexcept {
  Sweep<1> sweep;
  sweep.template forward<false>(weights_.data(), scaling_, x.data(), dx.data(), nullptr, first,
                                first + dimension / 2);
}

template <Structure StructureType, class Nets, RealScalar ScalarType, class WeightsType>
void BoundModel<StructureType, Nets, ScalarType, WeightsType>::jacobian(const State& x,
                                                                        Jacobian& jacobian) const noexcept {
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

template <Structure StructureType, class Nets, RealScalar ScalarType, class WeightsType>
void BoundModel<StructureType, Nets, ScalarType, WeightsType>::batch(
    const Eigen::Ref<const Matrix<Scalar, dimension>>& x, Eigen::Ref<Matrix<Scalar, dimension>> dx,
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
