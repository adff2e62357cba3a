#pragma once

#include <functional>

#include "metriplex/core/types.hpp"
#include "metriplex/integrate/generic_field.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex::driver {

/// Holds any vector field, exact or learned, in double: what is measured and drawn is then compiled once, not once a model.
/// Energy, and what only a field with friction has, are there if it has them.
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
    given_ = given_of(field);
    if constexpr (HasEnergy<Field>)
      energy_ = [field](const State& x) {
        return static_cast<double>(field.energy(x.template cast<Scalar>().eval()));
      };
    // What becomes of the energy is known of learned fields alone.
    if constexpr (requires { typename Field::Structure; }) {
      using Structure = typename Field::Structure;
      if constexpr (HasEnergyLaw<Structure>)
        conserves_ = Structure::conserves;
      else
        conserves_ = CanonicalField<Field> || GenericField<Field>;
      canonical_ = CanonicalField<Field>;
    }
    if constexpr (GenericField<Field>) {
      entropy_ = [field](const State& x) {
        return static_cast<double>(field.entropy(x.template cast<Scalar>().eval()));
      };
      take_gradients<Scalar>(field, [](const Field& f) -> const Field& { return f; });
    } else if constexpr (GradientField<Field>) {
      take_gradients<Scalar>(field, [](const Field& f) { return WithoutEntropy<Field>(f); });
    }
  }

  // Whether it is, is known when it runs: `is_canonical` is to be asked before a scheme that relies on it.
  static constexpr bool canonical = true;
  static constexpr int dim() { return Dim; }
  Index given() const { return given_; }
  void operator()(const State& x, State& dx) const { rate_(x, dx); }
  void jacobian(const State& x, Matrix<double, Dim, Dim>& j) const { jacobian_(x, j); }
  bool has_energy() const { return static_cast<bool>(energy_); }
  double energy(const State& x) const { return energy_(x); }

  bool has_entropy() const { return static_cast<bool>(entropy_); }
  bool is_canonical() const { return canonical_; }
  /// Tells whether its energy is one that it keeps.
  bool conserves() const { return conserves_; }
  /// Tells whether discrete gradients step it: it has friction, or is a gradient flow, whose entropy is nothing.
  bool has_gradients() const { return static_cast<bool>(generic_rate_); }
  double entropy(const State& x) const { return entropy_ ? entropy_(x) : 0.0; }
  void gradients(const State& x, State& e, State& s) const { gradients_(x, e, s); }
  void generic_rate(const State& x, const State& e, const State& s, State& dx) const {
    generic_rate_(x, e, s, dx);
  }
  /// Tells how fast entropy is made.
  double entropy_rate(const State& x) const {
    State dx, e, s;
    rate_(x, dx);
    gradients_(x, e, s);
    return s.dot(dx);
  }

 private:
  /// Takes what discrete gradients step, as(field) having friction.
  template <class Scalar, class Field, class As>
  void take_gradients(const Field& field, As as) {
    using Inner = typename Field::State;
    gradients_ = [field, as](const State& x, State& energy_gradient, State& entropy_gradient) {
      Inner e, s;
      as(field).gradients(x.template cast<Scalar>().eval(), e, s);
      energy_gradient = e.template cast<double>();
      entropy_gradient = s.template cast<double>();
    };
    generic_rate_ = [field, as](const State& x, const State& e, const State& s, State& dx) {
      Inner rate;
      as(field).generic_rate(x.template cast<Scalar>().eval(), e.template cast<Scalar>().eval(),
                             s.template cast<Scalar>().eval(), rate);
      dx = rate.template cast<double>();
    };
  }

  bool canonical_ = false, conserves_ = false;
  Index given_ = 0;
  std::function<void(const State&, State&)> rate_;
  std::function<void(const State&, Matrix<double, Dim, Dim>&)> jacobian_;
  std::function<double(const State&)> energy_, entropy_;
  std::function<void(const State&, State&, State&)> gradients_;
  std::function<void(const State&, const State&, const State&, State&)> generic_rate_;
};

}  // namespace metriplex::driver
