#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace metriplex {

// Sums over the stages of a Runge-Kutta step. The coefficients are known to the compiler, and all loops over a
// small state are written out, so that stages can stay in registers: a step around a cheap field is half of that
// work, and vectors that are stored by parts and loaded as a whole are what it waits for.

/// Names the coefficients of stage `Stage` of a tableau.
template <class Tableau, std::size_t Stage>
struct StageWeights {
  static constexpr double at(std::size_t j) { return Tableau::a[Stage][j]; }
};

/// Names the weights that a tableau's stages have in the step.
template <class Tableau>
struct StepWeights {
  static constexpr double at(std::size_t j) { return Tableau::b[j]; }
};

/// Names the weights that an embedded tableau's stages have in the estimate of the error.
template <class Tableau>
struct ErrorWeights {
  static constexpr double at(std::size_t j) { return Tableau::error[j]; }
};

// Named functions, since lambdas cannot portably be told to be inlined.
namespace detail {

template <class Weights, std::size_t First, std::size_t J, class Scalar, class State, std::size_t Stages>
[[gnu::always_inline]] inline void add_stage(const std::array<State, Stages>& k, int i, Scalar& sum) {
  if constexpr (J == First)
    sum = static_cast<Scalar>(Weights::at(J)) * k[J][i];
  else if constexpr (J > First && Weights::at(J) != 0.0)
    sum += static_cast<Scalar>(Weights::at(J)) * k[J][i];
}

template <class Weights, class State, std::size_t Stages, std::size_t... j>
[[gnu::always_inline]] inline typename State::Scalar stage_sum(const std::array<State, Stages>& k, int i,
                                                               std::index_sequence<j...>) {
  constexpr std::size_t first = [] {
    std::size_t at = 0;
    while (at + 1 < sizeof...(j) && Weights::at(at) == 0.0) ++at;
    return at;
  }();
  typename State::Scalar sum;
  (add_stage<Weights, first, j>(k, i, sum), ...);
  return sum;
}

template <class Weights, std::size_t Count, class State, std::size_t Stages, int... i>
[[gnu::always_inline]] inline void set_stage_sums(const std::array<State, Stages>& k,
                                                  typename State::Scalar dt, State& y,
                                                  std::integer_sequence<int, i...>) {
  ((y[i] = dt * stage_sum<Weights>(k, i, std::make_index_sequence<Count>{})), ...);
}

template <class Weights, std::size_t Count, class State, std::size_t Stages, int... i>
[[gnu::always_inline]] inline void move_along(const std::array<State, Stages>& k, const State& x,
                                              typename State::Scalar dt, State& next,
                                              std::integer_sequence<int, i...>) {
  ((next[i] = x[i] + dt * stage_sum<Weights>(k, i, std::make_index_sequence<Count>{})), ...);
}

template <class State>
using Components = std::make_integer_sequence<int, State::RowsAtCompileTime>;

template <class State>
inline constexpr bool small = State::RowsAtCompileTime <= 8;

}  // namespace detail

/// Computes y = dt Σ_j w_j k_j over the first `Count` stages; weights that are zero cost nothing.
template <class Weights, std::size_t Count, class State, std::size_t Stages>
[[gnu::always_inline]] inline void sum_stages(const std::array<State, Stages>& k, typename State::Scalar dt,
                                              State& y) {
  if constexpr (detail::small<State>)
    detail::set_stage_sums<Weights, Count>(k, dt, y, detail::Components<State>{});
  else
    for (int i = 0; i < State::RowsAtCompileTime; ++i)
      y[i] = dt * detail::stage_sum<Weights>(k, i, std::make_index_sequence<Count>{});
}

/// Moves a state along the first `Count` stages: next = x + dt Σ_j w_j k_j; weights that are zero cost nothing.
template <class Weights, std::size_t Count, class State, std::size_t Stages>
[[gnu::always_inline]] inline void move_along(const std::array<State, Stages>& k, const State& x,
                                              typename State::Scalar dt, State& next) {
  if constexpr (Count == 0)
    next = x;
  else if constexpr (detail::small<State>)
    detail::move_along<Weights, Count>(k, x, dt, next, detail::Components<State>{});
  else
    for (int i = 0; i < State::RowsAtCompileTime; ++i)
      next[i] = x[i] + dt * detail::stage_sum<Weights>(k, i, std::make_index_sequence<Count>{});
}

}  // namespace metriplex
