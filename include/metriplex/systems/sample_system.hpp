#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "metriplex/core/error.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Draws a point of a box, uniformly.
template <int N>
Vector<double, N> sample_box(const Box<N>& box, Random& random) {
  Vector<double, N> point;
  for (int i = 0; i < N; ++i) {
    const auto k = static_cast<std::size_t>(i);
    point(i) = random.uniform(box.lo[k], box.hi[k]);
  }
  return point;
}

/// Draws the parameters of a member of a system, uniformly from its box.
///
/// Shapes: result [parameters x 1].
template <class S>
Vector<double, S::parameters> sample_parameters(Random& random) {
  require_system<S>();
  return sample_box<S::parameters>(S::parameter_box, random);
}

/// Draws an initial state of the member `mu`, uniformly from what the system accepts of its box.
///
/// Shapes: result [dim x 1].
/// Errors: `Error` if the system accepts none of 10000 states.
template <class S>
Vector<double, S::dim> sample_initial_state(const Vector<double, S::parameters>& mu, Random& random) {
  require_system<S>();
  constexpr int draws = 10000;
  for (int draw = 0; draw < draws; ++draw) {
    const Vector<double, S::dim> x = sample_box<S::dim>(S::initial_box, random);
    if constexpr (requires { S::accepts(x, mu); })
      if (!S::accepts(x, mu)) continue;
    return x;
  }
  throw Error("expected accepts(x, mu) to take states of the initial box, got none of " +
              std::to_string(draws) + " in system " + std::string(S::name));
}

}  // namespace metriplex
