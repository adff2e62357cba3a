#pragma once

#include <cmath>
#include <type_traits>

#include "metriplex/autodiff/dual.hpp"

// The functions of several arguments, of which some are constants: those become dual numbers, too.
namespace metriplex {

/// Tells whether D is a dual number and all Ts are that, or constants to it.
template <class D, class... Ts>
inline constexpr bool is_dual_for = false;
template <class S, int N, class... Ts>
inline constexpr bool is_dual_for<Dual<S, N>, Ts...> = ((std::is_same_v<Ts, Dual<S, N>> ||
                                                         is_constant_for<Ts, S>)&&...);

/// Names the dual number among A, B and C that the others are constants to, or void.
template <class A, class B, class C = B>
using DualAmong = std::conditional_t<
    is_dual_for<A, B, C>, A,
    std::conditional_t<is_dual_for<B, A, C>, B, std::conditional_t<is_dual_for<C, A, B>, C, void>>>;

/// Requires one of A and B to be a dual number and the other a constant to it.
template <class A, class B>
concept MixedDuals = !std::is_same_v<A, B> && !std::is_void_v<DualAmong<A, B>>;

template <class A, class B>
  requires MixedDuals<A, B>
auto max(const A& x, const B& y) {
  return max(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto min(const A& x, const B& y) {
  return min(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto fmax(const A& x, const B& y) {
  return fmax(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto fmin(const A& x, const B& y) {
  return fmin(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto fdim(const A& x, const B& y) {
  return fdim(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto copysign(const A& x, const B& y) {
  return copysign(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto fmod(const A& x, const B& y) {
  return fmod(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto remainder(const A& x, const B& y) {
  return remainder(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto atan2(const A& x, const B& y) {
  return atan2(DualAmong<A, B>(x), DualAmong<A, B>(y));
}
template <class A, class B>
  requires MixedDuals<A, B>
auto hypot(const A& x, const B& y) {
  return hypot(DualAmong<A, B>(x), DualAmong<A, B>(y));
}

/// Computes √(x² + y² + z²) without overflow.
template <class A, class B, class C>
  requires(!std::is_void_v<DualAmong<A, B, C>>)
auto hypot(const A& x, const B& y, const C& z) {
  using Number = DualAmong<A, B, C>;
  return hypot(hypot(Number(x), Number(y)), Number(z));
}

/// Computes x y + z, the value with one rounding.
template <class A, class B, class C>
  requires(!std::is_void_v<DualAmong<A, B, C>>)
DualAmong<A, B, C> fma(const A& x, const B& y, const C& z) {
  using std::fma;
  using Number = DualAmong<A, B, C>;
  const Number a(x), b(y), c(z);
  Number sum = a * b + c;
  sum.value = fma(a.value, b.value, c.value);
  return sum;
}

/// Computes a + t (b − a), which is a at 0 and b at 1.
template <class A, class B, class C>
  requires(!std::is_void_v<DualAmong<A, B, C>>)
DualAmong<A, B, C> lerp(const A& a, const B& b, const C& t) {
  using Number = DualAmong<A, B, C>;
  return Number(t) * Number(b) + (1 - Number(t)) * Number(a);
}

}  // namespace metriplex
