#pragma once

#include "metriplex/integrate/integrator.hpp"

namespace metriplex::show {

/// Counts what an integrator asks of a field, in evaluations of the field: a Jacobian is `dim` of them, an energy one
/// (which is what it costs a network), a velocity or a force half of one.
template <class Field>
class CountingField {
 public:
  using State = typename Field::State;
  static constexpr bool canonical = HasCanonicalStructure<Field>;
  static constexpr bool quadratic_kinetic = HasQuadraticKinetic<Field>;

  /// Refers to the field, which must outlive it.
  explicit CountingField(const Field& field) : field_(&field) {}

  static constexpr int dim() { return State::RowsAtCompileTime; }
  double evaluations() const { return evaluations_; }

  void operator()(const State& x, State& dx) const {
    evaluations_ += 1;
    (*field_)(x, dx);
  }
  void jacobian(const State& x, JacobianOf<Field>& J) const requires HasJacobian<Field> {
    evaluations_ += dim();
    field_->jacobian(x, J);
  }
  ScalarOf<Field> energy(const State& x) const requires HasEnergy<Field> {
    evaluations_ += 1;
    return field_->energy(x);
  }
  void velocity(const HalfState<Field>& p, HalfState<Field>& dq) const requires SeparableField<Field> {
    evaluations_ += 0.5;
    field_->velocity(p, dq);
  }
  void force(const HalfState<Field>& q, HalfState<Field>& dp) const requires SeparableField<Field> {
    evaluations_ += 0.5;
    field_->force(q, dp);
  }

 private:
  const Field* field_;
  mutable double evaluations_ = 0;
};

}  // namespace metriplex::show
