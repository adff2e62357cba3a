#pragma once

#include "metriplex/integrate/flow_splitting.hpp"
#include "metriplex/integrate/generic_field.hpp"

namespace metriplex::show {

/// Counts what an integrator asks of a field, in evaluations of the field: a Jacobian is `dim` of them, an energy one
/// or its gradient one (which is what it costs a network), a velocity or a force half of one, one of n flows 1/n.
template <class Field>
class CountingField {
 public:
  using State = typename Field::State;
  static constexpr bool canonical = HasCanonicalStructure<Field>;
  static constexpr bool quadratic_kinetic = HasQuadraticKinetic<Field>;
  static constexpr bool keeps_energy = canonical || ConservativeField<Field>;
  static constexpr int flows = [] {
    if constexpr (HasFlows<Field>)
      return Field::flows;
    else
      return 0;
  }();

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
  void energy_gradient(const State& x, State& e) const requires GradientField<Field> {
    evaluations_ += 1;
    field_->energy_gradient(x, e);
  }
  void gradient_rate(const State& x, const State& e, State& dx) const requires GradientField<Field> {
    field_->gradient_rate(x, e, dx);
  }
  void flow(int part, State& x, ScalarOf<Field> dt) const requires HasFlows<Field> {
    evaluations_ += 1.0 / flows;
    field_->flow(part, x, dt);
  }

 private:
  const Field* field_;
  mutable double evaluations_ = 0;
};

}  // namespace metriplex::show
