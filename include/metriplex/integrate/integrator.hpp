#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Says how a step of an integrator ended; after anything but `ok` the state is what it was before the step.
enum class StepStatus { ok, not_converged, non_finite, step_underflow, too_many_steps };

/// Describes a status in one line, with what to do about it.
constexpr std::string_view describe(StepStatus status) {
  switch (status) {
    case StepStatus::ok:
      return "the step was taken";
    case StepStatus::not_converged:
      return "the step's equation was not solved: take smaller steps, or allow more iterations or a wider "
             "tolerance";
    case StepStatus::non_finite:
      return "the step left the finite numbers: take smaller steps, or check the field and the state for NaN";
    case StepStatus::step_underflow:
      return "the step size fell to the rounding of the time: the field is stiff or singular here; use an "
             "implicit integrator, or a wider tolerance";
    case StepStatus::too_many_steps:
      return "the most steps allowed were taken before the next time was reached: allow more, or a wider "
             "tolerance, or use an implicit integrator";
  }
  return "unknown status";
}

/// Requires F to name its state: a column vector whose size is known at compile time.
template <class F>
concept HasState = requires {
  typename F::State;
  requires(F::State::RowsAtCompileTime > 0 && F::State::ColsAtCompileTime == 1);
};

/// Names the scalar type that a field computes with.
template <HasState F>
using ScalarOf = typename F::State::Scalar;

/// Names one half of the state of a field: positions or momenta.
template <HasState F>
using HalfState = Vector<ScalarOf<F>, F::State::RowsAtCompileTime / 2>;

/// Names the matrix of a field's derivative.
template <HasState F>
using JacobianOf = Matrix<ScalarOf<F>, F::State::RowsAtCompileTime, F::State::RowsAtCompileTime>;

/// Requires `f(x, dx)` to write the rate of change at x into dx.
template <class F>
concept HasRate = HasState<F> && requires(const F& f, const typename F::State& x, typename F::State& dx) {
  f(x, dx);
};

/// Requires `f.dim()` to give the number of components of the state.
template <class F>
concept HasDim = requires(const F& f) {
  { f.dim() } -> std::convertible_to<Index>;
};

/// Describes an autonomous ordinary differential equation dx/dt = f(x).
template <class F>
concept VectorField = HasState<F> && HasRate<F> && HasDim<F>;

/// Requires `f.jacobian(x, J)` to write ∂f_i/∂x_j at x into J, exactly.
template <class F>
concept HasJacobian = VectorField<F> && requires(const F& f, const typename F::State& x, JacobianOf<F>& J) {
  f.jacobian(x, J);
};

/// Names many states at once, one a column.
template <HasState F>
using StatesOf = Matrix<ScalarOf<F>, F::State::RowsAtCompileTime>;

/// Requires `f.batch(x, dx)` to write the rates at all columns of x into those of dx.
template <class F>
concept HasBatch = VectorField<F> && requires(const F& f, const StatesOf<F>& x, StatesOf<F>& dx) {
  f.batch(x, dx);
};

/// Requires `f.velocity(p, dq)` to write the rate of the positions, from the momenta alone, into dq.
template <class F>
concept HasVelocity = HasState<F> && requires(const F& f, const HalfState<F>& p, HalfState<F>& dq) {
  f.velocity(p, dq);
};

/// Requires `f.force(q, dp)` to write the rate of the momenta, from the positions alone, into dp.
template <class F>
concept HasForce = HasState<F> && requires(const F& f, const HalfState<F>& q, HalfState<F>& dp) {
  f.force(q, dp);
};

/// Describes a field whose state is (q, p) and whose halves depend on each other only: H = T(p) + V(q).
template <class F>
concept SeparableField =
    VectorField<F> && HasVelocity<F> && HasForce<F> && F::State::RowsAtCompileTime % 2 == 0;

/// Requires F to declare, as `static constexpr bool quadratic_kinetic = true`, that its velocity is linear in p.
template <class F>
concept HasQuadraticKinetic = SeparableField<F> && F::quadratic_kinetic;

/// Requires `f.energy(x)` to give the energy at x.
template <class F>
concept HasEnergy = HasState<F> && requires(const F& f, const typename F::State& x) {
  { f.energy(x) } -> std::convertible_to<ScalarOf<F>>;
};

/// Requires F to declare, as `static constexpr bool canonical = true`, that it is dq/dt = ∂H/∂p, dp/dt = −∂H/∂q of
/// its energy H, the state being (q, p).
template <class F>
concept HasCanonicalStructure = HasState<F> && F::State::RowsAtCompileTime % 2 == 0 && F::canonical;

/// Describes the motion of a Hamiltonian in canonical coordinates.
template <class F>
concept CanonicalField = VectorField<F> && HasEnergy<F> && HasCanonicalStructure<F>;

/// Describes a motion, canonical or not, that keeps its energy, as it declares by `static constexpr bool keeps_energy = true`, and
/// knows its gradient: `f.energy_gradient(x, g)`.
template <class F>
concept ConservativeField = VectorField<F> && HasEnergy<F> && F::keeps_energy &&
    requires(const F& f, const typename F::State& x, typename F::State& g) {
  f.energy_gradient(x, g);
};

/// Turns a canonical rate of change into the gradient of the energy, ∇H = (−dp/dt, dq/dt); each column of a
/// Jacobian likewise, which makes it the Hessian.
template <class Rate, class Gradient>
void undo_canonical(const Rate& rate, Gradient& gradient) {
  constexpr int half = Rate::RowsAtCompileTime / 2;
  for (int j = 0; j < Rate::ColsAtCompileTime; ++j)
    for (int i = 0; i < half; ++i) {
      gradient(i, j) = -rate(half + i, j);
      gradient(half + i, j) = rate(i, j);
    }
}

/// Turns a gradient of the energy into the rate of change, (∂H/∂p, −∂H/∂q); each column of a Hessian likewise.
template <class Gradient, class Rate>
void apply_canonical_structure(const Gradient& gradient, Rate& rate) {
  constexpr int half = Rate::RowsAtCompileTime / 2;
  for (int j = 0; j < Rate::ColsAtCompileTime; ++j)
    for (int i = 0; i < half; ++i) {
      rate(i, j) = gradient(half + i, j);
      rate(half + i, j) = -gradient(i, j);
    }
}

/// Tells whether nothing that an integrator may ask of F throws: then no step does.
template <VectorField F>
inline constexpr bool nothrow_field = [] {
  using State = typename F::State;
  using Value = const State&;
  using Half = HalfState<F>;
  bool nothrow = std::is_nothrow_invocable_v<const F&, Value, State&>;
  if constexpr (HasJacobian<F>)
    nothrow = nothrow&& noexcept(
        std::declval<const F&>().jacobian(std::declval<Value>(), std::declval<JacobianOf<F>&>()));
  if constexpr (HasEnergy<F>)
    nothrow = nothrow&& noexcept(std::declval<const F&>().energy(std::declval<Value>()));
  if constexpr (SeparableField<F>)
    nothrow = nothrow&& noexcept(std::declval<const F&>().velocity(
        std::declval<const Half&>(),
        std::declval<Half&>()))&& noexcept(std::declval<const F&>().force(std::declval<const Half&>(),
                                                                          std::declval<Half&>()));
  return nothrow;
}();

/// Fails to compile, in one sentence for each part that is missing, unless F is a `VectorField`.
template <class F>
consteval void require_vector_field() {
  static_assert(
      HasState<F>,
      "A vector field must name its state: using State = Vector<Scalar, N> with N known at compile time.");
  static_assert(HasRate<F>,
                "A vector field must compute its rate: void operator()(const State& x, State& dx) const.");
  static_assert(HasDim<F>, "A vector field must tell its size: dim().");
}

/// Fails to compile, in one sentence, unless F is a `SeparableField`.
template <class F>
consteval void require_separable_field() {
  require_vector_field<F>();
  static_assert(
      SeparableField<F>,
      "This integrator needs a separable field, H = T(p) + V(q), with velocity(p, dq) and force(q, dp), and "
      "this field is not: use ImplicitMidpoint, GaussLegendre or Tao (symplectic), Gonzalez (keeps the "
      "energy) or "
      "Rk4, which take any Hamiltonian.");
}

/// Fails to compile, in one sentence for each part that is missing, unless F is a `CanonicalField`.
template <class F>
consteval void require_canonical() {
  require_vector_field<F>();
  static_assert(HasEnergy<F>,
                "This integrator keeps the energy and needs the field's energy(x), which this field has not: "
                "write it, or use ImplicitMidpoint.");
  static_assert(HasCanonicalStructure<F>,
                "This integrator needs a field of canonical (q, p), which says so by `static constexpr bool "
                "canonical = true`; use AverageVectorField or Projection for others.");
}

/// Fails to compile, in one sentence, unless F is a `VectorField` with a Jacobian.
template <class F>
consteval void require_jacobian() {
  require_vector_field<F>();
  static_assert(HasJacobian<F>,
                "This integrator solves an equation by Newton's method and needs the field's jacobian(x, J), "
                "which this field has not: write it, or use an explicit integrator such as Rk4.");
}

/// Requires an integrator to tell its order of accuracy, whether it is symplectic, whether it is symmetric (a step
/// of −dt undoes one of dt), and its name.
template <class I>
concept HasIntegratorTraits = requires {
  { I::order } -> std::convertible_to<int>;
  { I::symplectic } -> std::convertible_to<bool>;
  { I::symmetric } -> std::convertible_to<bool>;
  { I::name } -> std::convertible_to<std::string_view>;
};

/// Requires `step(f, x, dt)` to advance x by dt without allocating, and to say how it went.
template <class I, class F>
concept HasIntegratorStep = VectorField<F> &&
    requires(const I& integrator, const F& f, typename F::State& x, ScalarOf<F> dt) {
  { integrator.step(f, x, dt) } -> std::same_as<StepStatus>;
};

/// Describes an integrator that can take the field F.
template <class I, class F>
concept IntegratorFor = HasIntegratorTraits<I> && HasIntegratorStep<I, F>;

/// Describes an integrator that can step many states of F at once: `step_batch(f, x, dt, scratch)` advances all columns of
/// x, of which one that fails leaves the finite numbers and the others alone; `scratch` is allocated by the first call.
template <class I, class F>
concept BatchIntegratorFor = IntegratorFor<I, F> && HasBatch<F> &&
    requires(const I& integrator, const F& f, StatesOf<F>& x, ScalarOf<F> dt,
             std::vector<StatesOf<F>>& scratch) {
  integrator.step_batch(f, x, dt, scratch);
};

}  // namespace metriplex
