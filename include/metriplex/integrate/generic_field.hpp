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
