#pragma once

#include <concepts>
#include <string_view>

#include "metriplex/nn/elementary.hpp"

namespace metriplex {

/// An activation at a pack of points: the value and what gradients and their pullbacks need of it.
template <RealScalar Scalar>
struct ActivationValues {
  Pack<Scalar> value, first, second;
};

/// What a network asks of its nonlinearity.
template <class A>
concept Activation = requires(const Pack<double>& z, const Pack<float>& f) {
  // A name, for model files and tables.
  { A::name } -> std::convertible_to<std::string_view>;
  // σ, σ' and σ'' together, since they share most of their work.
  { A::template evaluate<double>(z) } -> std::same_as<ActivationValues<double>>;
  { A::template evaluate<float>(f) } -> std::same_as<ActivationValues<float>>;
};

/// An activation that knows σ''/σ' of its value and first derivative: σ'' ⊙ g then follows from σ' ⊙ g, and neither σ'' nor
/// g need be stored.
template <class A>
concept SecondFromFirst = requires(const Pack<double>& value, const Pack<double>& first) {
  { A::template second_by_first<double>(value, first) } -> std::same_as<Pack<double>>;
};

/// An activation that knows σ''' too, of z and what `evaluate` made of it: pullbacks of second derivatives need it.
template <class A>
concept ThriceDifferentiable = requires(const Pack<double>& z, const ActivationValues<double>& at) {
  { A::template third<double>(z, at) } -> std::same_as<Pack<double>>;
};

/// Squashes with the hyperbolic tangent.
///
/// Math: σ = tanh z, σ' = 1 − σ², σ'' = −2σσ', σ''' = −2(σ'² + σσ'').
struct Tanh {
  static constexpr std::string_view name = "tanh";
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline ActivationValues<Scalar> evaluate(const Pack<Scalar>& z) {
    const Pack<Scalar> value = tanh<Scalar>(z);
    const Pack<Scalar> first = broadcast(Scalar(1)) - value * value;
    return {value, first, second_by_first<Scalar>(value, first) * first};
  }
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline Pack<Scalar> second_by_first(const Pack<Scalar>& value,
                                                                    const Pack<Scalar>&) {
    return broadcast(Scalar(-2)) * value;
  }
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline Pack<Scalar> third(const Pack<Scalar>&,
                                                          const ActivationValues<Scalar>& at) {
    return broadcast(Scalar(-2)) * (at.first * at.first + at.value * at.second);
  }
};

/// Rectifies smoothly.
///
/// Math: σ = ln(1 + eᶻ), σ' = 1/(1 + e⁻ᶻ), σ'' = σ'(1 − σ'), σ''' = σ''(1 − 2σ').
struct Softplus {
  static constexpr std::string_view name = "softplus";
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline ActivationValues<Scalar> evaluate(const Pack<Scalar>& z) {
    const Pack<Scalar> u = exp_of_minus_magnitude<Scalar>(z), zero{};
    const Pack<Scalar> first = logistic<Scalar>(z, u);
    const Pack<Scalar> value = select<Scalar>(z > zero, z, zero) + log1p_of_unit<Scalar>(u);
    return {value, first, second_by_first<Scalar>(value, first) * first};
  }
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline Pack<Scalar> second_by_first(const Pack<Scalar>&,
                                                                    const Pack<Scalar>& first) {
    return broadcast(Scalar(1)) - first;
  }
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline Pack<Scalar> third(const Pack<Scalar>&,
                                                          const ActivationValues<Scalar>& at) {
    return at.second * (broadcast(Scalar(1)) - at.first - at.first);
  }
};

/// Oscillates; with it a network is a SIREN (Sitzmann et al. 2020).
///
/// Math: σ = sin z, σ' = cos z, σ'' = −sin z, σ''' = −cos z.
struct Sin {
  static constexpr std::string_view name = "sin";
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline ActivationValues<Scalar> evaluate(const Pack<Scalar>& z) {
    Pack<Scalar> sine, cosine;
    sincos<Scalar>(z, sine, cosine);
    return {sine, cosine, -sine};
  }
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline Pack<Scalar> third(const Pack<Scalar>&,
                                                          const ActivationValues<Scalar>& at) {
    return -at.first;
  }
};

/// Gates its input with the logistic function (swish).
///
/// Math: with s = 1/(1 + e⁻ᶻ): σ = z s, σ' = s + σ(1 − s), σ'' = s(1 − s)(2 + z(1 − 2s)),
/// σ''' = s(1 − s)(3(1 − 2s) + z(1 − 6s(1 − s))).
struct Silu {
  static constexpr std::string_view name = "silu";
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline ActivationValues<Scalar> evaluate(const Pack<Scalar>& z) {
    const Pack<Scalar> s = logistic<Scalar>(z, exp_of_minus_magnitude<Scalar>(z));
    const Pack<Scalar> one = broadcast(Scalar(1)), two = broadcast(Scalar(2)), zero{}, rest = one - s;
    // Where s no longer falls, or 1 − s is zero, an unbounded z would win over it.
    const Pack<Scalar> bounded = clamp<Scalar>(z, exponent_limit<Scalar>);
    return {select<Scalar>(z > zero, z, bounded) * s, s + bounded * s * rest,
            s * rest * (two + bounded * (one - two * s))};
  }
  template <RealScalar Scalar>
  [[gnu::always_inline]] static inline Pack<Scalar> third(const Pack<Scalar>& z,
                                                          const ActivationValues<Scalar>&) {
    const Pack<Scalar> s = logistic<Scalar>(z, exp_of_minus_magnitude<Scalar>(z));
    const Pack<Scalar> one = broadcast(Scalar(1)), slope = s * (one - s);
    const Pack<Scalar> bounded = clamp<Scalar>(z, exponent_limit<Scalar>);
    return slope * (broadcast(Scalar(3)) * (one - s - s) + bounded * (one - broadcast(Scalar(6)) * slope));
  }
};

}  // namespace metriplex
