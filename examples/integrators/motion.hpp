#pragma once

#include <type_traits>

#include "counting_field.hpp"
#include "metriplex/integrate/extended_phase_space.hpp"
#include "scheme.hpp"

namespace metriplex::show {

/// Tells whether a scheme can step a field, as it is or doubled.
template <class Integrator, class Field>
concept Steps = IntegratorFor<Integrator, CountingField<Field>> ||
    IntegratorFor<Integrator, ExtendedField<CountingField<Field>>>;

/// Names a field's double, which only canonical ones have.
template <class Field>
struct DoubleOf {
  using type = ExtendedField<Field>;
};

/// Moves a state by a scheme, and counts evaluations; what steps an `ExtendedField` only gets one.
template <class Integrator, class Field>
class Motion {
  using Counted = CountingField<Field>;
  static constexpr bool doubled = !IntegratorFor<Integrator, Counted>;
  using Stepped = typename std::conditional_t<doubled, DoubleOf<Counted>, std::type_identity<Counted>>::type;

 public:
  using State = typename Field::State;

  /// Refers to the field, which must outlive it; `coupling` is that of a doubled field.
  Motion(const Scheme<Integrator>& scheme, const Field& field, const State& start, double coupling)
      : integrator_(scheme.integrator), counted_(field), stepped_(stepped(coupling)) {
    if constexpr (requires { integrator_.level; })
      if (scheme.fixed_level) integrator_.level = field.energy(start);
    if constexpr (doubled)
      state_ = Stepped::extend(start);
    else
      state_ = start;
  }
  Motion(const Motion&) = delete;  // the stepped field refers to the counted one

  StepStatus step(double dt) {
    if constexpr (doubled)
      return integrator_.step(stepped_, state_, dt);
    else
      return integrator_.step(counted_, state_, dt);
  }

  State state() const {
    if constexpr (doubled)
      return Stepped::restrict(state_);
    else
      return state_;
  }

  double evaluations() const { return counted_.evaluations(); }

 private:
  Stepped stepped(double coupling) const {
    if constexpr (doubled)
      return Stepped(counted_, coupling);
    else
      return counted_;
  }

  Integrator integrator_;
  Counted counted_;
  Stepped stepped_;  // not used unless doubled
  typename Stepped::State state_;
};

}  // namespace metriplex::show
