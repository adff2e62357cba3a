#pragma once

#include <type_traits>

#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Is returned by the overload of `step` that catches fields an integrator cannot take. That overload fails
/// to compile in the integrator's own sentence when it is called, and leaves `IntegratorFor` false when it is
/// only asked about.
struct Refused {
  operator StepStatus() const;
};

/// Tells whether the first of the arguments after a field F is no variable of its state's type, which a step could move.
template <class F, class... Rest>
inline constexpr bool wrong_state = false;
template <HasState F, class State, class... Rest>
inline constexpr bool wrong_state<F, State, Rest...> = !std::is_convertible_v<State, typename F::State&>;

/// Fails to compile, in one sentence, where the first of the arguments after a field is no state that a step can move.
template <class F, class... Rest>
consteval void require_state() {
  static_assert(
      !wrong_state<F, Rest...>,
      "A step moves the field's own State in place: pass a variable of the type F::State, a column of fixed "
      "size with the field's scalar such as Vector<double, 2>; not a VectorXd, a column of floats, a block "
      "or "
      "column of a matrix, or a const state.");
}

}  // namespace metriplex
