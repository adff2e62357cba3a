#pragma once

#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Requires `f.entropy(x)` to give the entropy at x.
template <class F>
concept HasEntropy = HasState<F> && requires(const F& f, const typename F::State& x) {
  { f.entropy(x) } -> std::convertible_to<ScalarOf<F>>;
};

/// Requires `f.gradients(x, e, s)` to write ∇E and ∇S at x.
template <class F>
concept HasGradients = HasState<F> &&
    requires(const F& f, const typename F::State& x, typename F::State& out) {
  f.gradients(x, out, out);
};

/// Requires `f.generic_rate(x, e, s, dx)` to write L(x; s) e + M(x; e) s, the rate at x with e and s in the place of
/// ∇E and ∇S wherever those stand: then dx·e = 0 and dx·s ≥ 0 for any e and s.
template <class F>
concept HasGenericRate = HasState<F> &&
    requires(const F& f, const typename F::State& in, typename F::State& out) {
  f.generic_rate(in, in, in, out);
};

/// Describes a motion with friction, dx/dt = L∇E + M∇S with L∇S = 0 and M∇E = 0: energy is kept, entropy is made.
template <class F>
concept GenericField =
    VectorField<F> && HasEnergy<F> && HasEntropy<F> && HasGradients<F> && HasGenericRate<F>;

/// Describes a motion dx/dt = A(x)∇E with eᵀA e ≤ 0: the energy is kept where A is skew, and does not rise. `f.energy_gradient(x, e)`
/// writes ∇E and `f.gradient_rate(x, e, dx)` A(x) e.
template <class F>
concept GradientField = VectorField<F> && HasEnergy<F> &&
    requires(const F& f, const typename F::State& in, typename F::State& out) {
  f.energy_gradient(in, out);
  f.gradient_rate(in, in, out);
};

/// Reads such a motion as one with friction whose entropy is nothing, for the schemes of those.
template <GradientField F>
class WithoutEntropy {
 public:
  using State = typename F::State;
  static constexpr bool quiet = nothrow_field<F>;

  explicit WithoutEntropy(const F& f) : f_(f) {}
  static constexpr int dim() { return State::RowsAtCompileTime; }
  void operator()(const State& x, State& dx) const noexcept(quiet) { f_(x, dx); }
  ScalarOf<F> energy(const State& x) const noexcept(quiet) { return f_.energy(x); }
  ScalarOf<F> entropy(const State&) const noexcept { return 0; }
  void gradients(const State& x, State& e, State& s) const noexcept(quiet) {
    f_.energy_gradient(x, e);
    s.setZero();
  }
  void generic_rate(const State& x, const State& e, const State&, State& dx) const noexcept(quiet) {
    f_.gradient_rate(x, e, dx);
  }

 private:
  const F& f_;
};

/// Tells whether nothing that an integrator may ask of F throws: then no step does.
template <GenericField F>
inline constexpr bool nothrow_generic_field = nothrow_field<F>&& requires(const F& f,
                                                                          const typename F::State& in,
                                                                          typename F::State& out) {
  { f.entropy(in) }
  noexcept;
  { f.gradients(in, out, out) }
  noexcept;
  { f.generic_rate(in, in, in, out) }
  noexcept;
};

/// Fails to compile, in one sentence for each part that is missing, unless F is a `GenericField`.
template <class F>
consteval void require_generic_field() {
  require_vector_field<F>();
  static_assert(HasEnergy<F> && HasEntropy<F>,
                "This integrator keeps the energy and makes entropy, and needs the field's energy(x) and "
                "entropy(x), which this field has not: use Rk4 or ImplicitMidpoint, which take any field.");
  static_assert(HasGradients<F>,
                "This integrator needs the gradients of energy and entropy: void gradients(const State& x, "
                "State& energy_gradient, State& entropy_gradient) const.");
  static_assert(HasGenericRate<F>,
                "This integrator needs the rate with other vectors in the place of the gradients: void "
                "generic_rate(const State& x, const State& e, const State& s, State& dx) const.");
}

}  // namespace metriplex
