#pragma once

#include <boost/numeric/odeint/stepper/stepper_categories.hpp>
#include <boost/numeric/odeint/util/unwrap_reference.hpp>
#include <type_traits>

#include "metriplex/core/error.hpp"
#include "metriplex/integrate/integrator.hpp"

// For programs that have Boost.odeint: our fields under its steppers, our integrators under its functions. Its
// steppers take a state as it is, `runge_kutta4<F::State>`: a fixed-size vector of Eigen 3.4 is a range, and its
// operators serve as well, `runge_kutta4<F::State, double, F::State, double, vector_space_algebra>` with
// boost/numeric/odeint/external/eigen/eigen.hpp, which is faster.

namespace metriplex {

/// Shows a vector field to Boost.odeint as a system, `system(x, dxdt, t)`; copies of it share the field.
template <VectorField F>
class OdeintSystem {
 public:
  explicit OdeintSystem(const F& f) : f_(&f) {}

  template <class Time>
  void operator()(const typename F::State& x, typename F::State& dxdt, const Time& /*t*/) const {
    (*f_)(x, dxdt);
  }

  const F& field() const { return *f_; }

 private:
  const F* f_;
};

/// Makes a system of a field, which must outlive it.
template <VectorField F>
OdeintSystem<F> odeint_system(const F& f) {
  return OdeintSystem<F>(f);
}
template <VectorField F>
OdeintSystem<F> odeint_system(const F&& f) = delete;

/// Tells whether a type is an `OdeintSystem`.
template <class System>
inline constexpr bool is_odeint_system = false;
template <class F>
inline constexpr bool is_odeint_system<OdeintSystem<F>> = true;

/// Is an integrator as a stepper of Boost.odeint, for `integrate_const`, `integrate_n_steps` and the like.
///
/// It steps an `OdeintSystem` only, whose field it can ask for a Jacobian or for halves.
/// Errors: `Error` with what a failed step says of itself, and the time where it started; the state is what it was
/// before that step.
template <class Integrator, class State>
class OdeintStepper {
 public:
  using state_type = State;
  using deriv_type = State;
  using value_type = typename State::Scalar;
  using time_type = double;
  using order_type = unsigned short;
  using stepper_category = boost::numeric::odeint::stepper_tag;

  explicit OdeintStepper(const Integrator& integrator = {}) : integrator_(integrator) {}

  static constexpr order_type order() { return Integrator::order; }

  /// Advances x from t to t + dt.
  template <class System>
  void do_step(const System& system, State& x, time_type t, time_type dt) const {
    using Plain = std::remove_cv_t<typename boost::numeric::odeint::unwrap_reference<System>::type>;
    if constexpr (is_odeint_system<Plain>) {
      const Plain& plain = system;
      const StepStatus status = integrator_.step(plain.field(), x, static_cast<value_type>(dt));
      require(status == StepStatus::ok, {describe(status), ": t = ", t, ", dt = ", dt});
    } else {
      static_assert(
          is_odeint_system<Plain>,
          "A stepper of ours needs the field behind a system: pass metriplex::odeint_system(field).");
    }
  }

 private:
  Integrator integrator_;
};

/// Makes a stepper for the states of a field: `odeint_stepper<Rk4>(f)`.
template <class Integrator, VectorField F>
OdeintStepper<Integrator, typename F::State> odeint_stepper(const F& /*f*/,
                                                            const Integrator& integrator = {}) {
  return OdeintStepper<Integrator, typename F::State>(integrator);
}

}  // namespace metriplex
