#pragma once

#include <functional>

#include "metriplex/core/types.hpp"

namespace metriplex::driver {

/// Holds any vector field with an energy, exact or learned, in double: what is measured and drawn is then
/// compiled once, not once a model.
template <int Dim>
class AnyField {
 public:
  using State = Vector<double, Dim>;

  template <class Field>
  explicit AnyField(const Field& field) {
    using Scalar = typename Field::State::Scalar;
    rate_ = [field](const State& x, State& dx) {
      typename Field::State rate;
      field(x.template cast<Scalar>().eval(), rate);
      dx = rate.template cast<double>();
    };
    jacobian_ = [field](const State& x, Matrix<double, Dim, Dim>& j) {
      Matrix<Scalar, Dim, Dim> exact;
      field.jacobian(x.template cast<Scalar>().eval(), exact);
      j = exact.template cast<double>();
    };
    energy_ = [field](const State& x) {
      return static_cast<double>(field.energy(x.template cast<Scalar>().eval()));
    };
  }

  static constexpr int dim() { return Dim; }
  void operator()(const State& x, State& dx) const { rate_(x, dx); }
  void jacobian(const State& x, Matrix<double, Dim, Dim>& j) const { jacobian_(x, j); }
  double energy(const State& x) const { return energy_(x); }

 private:
  std::function<void(const State&, State&)> rate_;
  std::function<void(const State&, Matrix<double, Dim, Dim>&)> jacobian_;
  std::function<double(const State&)> energy_;
};

}  // namespace metriplex::driver
