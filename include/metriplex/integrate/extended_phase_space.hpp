#pragma once

#include <cmath>
#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Doubles the phase space of a Hamiltonian that is not separable, so that explicit methods can step it: two copies
/// of the system drive each other, held together by a spring between them.
///
/// Math: H̄ = H(q, y) + H(x, p) + ω Σ_i ((q_i − x_i)²/r_i + r_i (p_i − y_i)²)/2 (with r = 1: Tao 2016, "Explicit symplectic approximation of
/// nonseparable Hamiltonians: algorithm and long time performance", Phys. Rev. E 94, eq. 1). Started with both copies
/// alike, it is the motion of H.
/// Shapes: state ((q, x), (p, y)) [2D x 1]: canonical again.
template <CanonicalField Field>
class ExtendedField {
  using Inner = typename Field::State;
  static constexpr int inner = Inner::RowsAtCompileTime, half = inner / 2;

 public:
  using Scalar = ScalarOf<Field>;
  using State = Vector<Scalar, 2 * inner>;
  static constexpr bool canonical = true;

  using Half = HalfState<Field>;

  /// Takes the field by reference, which must outlive it; the coupling ω: large enough to keep the copies together, small
  /// enough for ω·dt to stay resolved, below some 0.5 (docs/integrators.md measures both ends); and where positions and
  /// momenta are not of one size, what of each position weighs as much as 1 of its momentum.
  ///
  /// Units: coupling 1/time; ratio those of q/p.
  ExtendedField(const Field& field, double coupling, const Half& ratio = Half::Ones())
      : field_(&field), coupling_(static_cast<Scalar>(coupling)), ratio_(ratio) {}

  static constexpr int dim() { return 2 * inner; }
  Scalar coupling() const { return coupling_; }
  const Half& ratio() const { return ratio_; }

  /// Doubles a state.
  static State extend(const Inner& x) {
    State both;
    for (int i = 0; i < inner; ++i) both[2 * half * (i / half) + i % half] = x[i];
    for (int i = 0; i < inner; ++i) both[2 * half * (i / half) + half + i % half] = x[i];
    return both;
  }
  /// Takes (q, p), the first of the two copies.
  static Inner restrict(const State& both) { return select(both, 0, inner); }

  /// Takes (q, y) and (x, p), the states that the two terms of H̄ see.
  static Inner first(const State& both) { return select(both, 0, inner + half); }
  static Inner second(const State& both) { return select(both, half, inner); }

  /// Evaluates the inner field, at such a state.
  void inner_field(const Inner& x, Inner& dx) const noexcept(nothrow_field<Field>) { (*field_)(x, dx); }

  void operator()(const State& both, State& rate) const noexcept(nothrow_field<Field>) {
    Inner first_rate, second_rate;
    inner_field(first(both), first_rate);
    inner_field(second(both), second_rate);
    for (int i = 0; i < half; ++i) {
      const Scalar apart_q = coupling_ / ratio_[i] * (both[i] - both[half + i]),
                   apart_p = coupling_ * ratio_[i] * (both[inner + i] - both[inner + half + i]);
      rate[i] = second_rate[i] + apart_p;
      rate[half + i] = first_rate[i] - apart_p;
      rate[inner + i] = first_rate[half + i] - apart_q;
      rate[inner + half + i] = second_rate[half + i] + apart_q;
    }
  }

  /// Evaluates H̄, near 2 H.
  Scalar energy(const State& both) const noexcept(nothrow_field<Field>) {
    Scalar apart = 0;
    for (int i = 0; i < half; ++i) {
      const Scalar q = both[i] - both[half + i], p = both[inner + i] - both[inner + half + i];
      apart += q * q / ratio_[i] + ratio_[i] * p * p;
    }
    return field_->energy(first(both)) + field_->energy(second(both)) + coupling_ * apart / 2;
  }

 private:
  static Inner select(const State& both, int q, int p) {
    Inner x;
    for (int i = 0; i < half; ++i) {
      x[i] = both[q + i];
      x[half + i] = both[p + i];
    }
    return x;
  }

  const Field* field_;
  Scalar coupling_;
  Half ratio_;
};

/// Requires F to be an `ExtendedField`.
template <class F>
concept ExtendedPhaseSpace = CanonicalField<F> && requires(const F& f, const typename F::State& x) {
  f.coupling();
  f.ratio();
  f.first(x);
  f.second(x);
};

/// Integrates an `ExtendedField` explicitly: symplectic (in the extended space) and symmetric for any Hamiltonian,
/// separable or not. `TripleJump<Tao>` (integrate/composition.hpp) is its method of order 4.
///
/// Math: φ_A(dt/2) φ_B(dt/2) φ_C(dt) φ_B(dt/2) φ_A(dt/2), the flows of the three terms of H̄ (Tao 2016, eq. 2).
/// Cost: four evaluations of the inner field a step.
/// Not: for a field as it is; make an `ExtendedField` of it.
struct Tao {
  static constexpr std::string_view name = "tao2";
  static constexpr int order = 2;
  static constexpr bool symplectic = true;
  static constexpr bool symmetric = true;

  template <ExtendedPhaseSpace F>
  StepStatus step(const F& f, typename F::State& state, ScalarOf<F> dt) const noexcept(nothrow_field<F>) {
    typename F::State next = state;
    flow_of_first(f, next, dt / 2);
    flow_of_second(f, next, dt / 2);
    flow_of_spring(f, next, dt);
    flow_of_second(f, next, dt / 2);
    flow_of_first(f, next, dt / 2);
    if (!all_finite(next)) return StepStatus::non_finite;
    state = next;
    return StepStatus::ok;
  }

  /// Refuses a field that is not extended, in one sentence.
  template <class F, class... Rest>
    requires(!ExtendedPhaseSpace<F> || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    static_assert(
        ExtendedPhaseSpace<F>,
        "Tao's integrator steps an extended field: make ExtendedField(field, coupling) of a canonical field "
        "with an energy, extend(x) the state, and restrict it in the end.");
    require_state<F, Rest...>();
    return {};
  }

 private:
  // H(q, y) moves x and p; H(x, p) moves q and y.
  template <class F>
  static void flow_of_first(const F& f, typename F::State& s, ScalarOf<F> dt) {
    constexpr int half = F::State::RowsAtCompileTime / 4;
    const auto x = f.first(s);
    auto rate = x;
    f.inner_field(x, rate);
    for (int i = 0; i < half; ++i) {
      s[half + i] += dt * rate[i];
      s[2 * half + i] += dt * rate[half + i];
    }
  }
  template <class F>
  static void flow_of_second(const F& f, typename F::State& s, ScalarOf<F> dt) {
    constexpr int half = F::State::RowsAtCompileTime / 4;
    const auto x = f.second(s);
    auto rate = x;
    f.inner_field(x, rate);
    for (int i = 0; i < half; ++i) {
      s[i] += dt * rate[i];
      s[3 * half + i] += dt * rate[half + i];
    }
  }
  // The difference of the copies turns by 2ω dt, their sum stays.
  template <class F>
  static void flow_of_spring(const F& f, typename F::State& s, ScalarOf<F> dt) {
    using Scalar = ScalarOf<F>;
    constexpr int half = F::State::RowsAtCompileTime / 4;
    const Scalar c = std::cos(2 * f.coupling() * dt), sine = std::sin(2 * f.coupling() * dt);
    for (int i = 0; i < half; ++i) {
      Scalar &q = s[i], &x = s[half + i], &p = s[2 * half + i], &y = s[3 * half + i];
      const Scalar sum_q = q + x, sum_p = p + y, apart_q = q - x, apart_p = p - y;
      const Scalar turned_q = c * apart_q + sine * f.ratio()[i] * apart_p,
                   turned_p = c * apart_p - sine / f.ratio()[i] * apart_q;
      q = (sum_q + turned_q) / 2;
      x = (sum_q - turned_q) / 2;
      p = (sum_p + turned_p) / 2;
      y = (sum_p - turned_p) / 2;
    }
  }
};

}  // namespace metriplex
