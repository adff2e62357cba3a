#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/integrator.hpp"

namespace metriplex {

/// Integrates any field by the explicit Runge–Kutta method whose coefficients `Tableau` holds.
///
/// A tableau has `name`, `order`, `stages`, the strictly lower triangle `a` (stages × stages) and the weights
/// `b`.
/// Math: k_i = f(x + dt Σ_j a_ij k_j), x ← x + dt Σ_i b_i k_i. Fields are autonomous, so the nodes c are not
/// needed.
/// Cost: `stages` evaluations of the field a step; coefficients that are zero cost nothing.
template <class Tableau>
struct ExplicitRungeKutta {
  static constexpr std::string_view name = Tableau::name;
  static constexpr int order = Tableau::order;
  static constexpr bool symplectic = false;

  template <VectorField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const {
    using State = typename F::State;
    std::array<State, Tableau::stages> k;
    for (std::size_t i = 0; i < Tableau::stages; ++i) f(advanced(Tableau::a[i], i, x, dt, k), k[i]);
    const State next = advanced(Tableau::b, Tableau::stages, x, dt, k);
    if (!all_finite(next)) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }

 private:
  // x + dt Σ_j weights[j] k[j] over the first `count` stages.
  template <class Weights, class State, class Stages>
  static State advanced(const Weights& weights, std::size_t count, const State& x, typename State::Scalar dt,
                        const Stages& k) {
    State next;
    for (int i = 0; i < State::RowsAtCompileTime; ++i) {
      typename State::Scalar sum(0);
      for (std::size_t j = 0; j < count; ++j)
        if (weights[j] != 0.0) sum += static_cast<typename State::Scalar>(weights[j]) * k[j][i];
      next[i] = x[i] + dt * sum;
    }
    return next;
  }
};

/// Holds the coefficients of the classical method of order 4.
///
/// Math: Kutta 1901.
struct Rk4Tableau {
  static constexpr std::string_view name = "rk4";
  static constexpr int order = 4;
  static constexpr std::size_t stages = 4;
  static constexpr std::array<std::array<double, 4>, 4> a{{{}, {1.0 / 2}, {0, 1.0 / 2}, {0, 0, 1}}};
  static constexpr std::array<double, 4> b{1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
};

/// Holds the coefficients of a method of order 8 with 11 stages.
///
/// Math: Cooper and Verner 1972, "Some explicit Runge–Kutta methods of high order", SIAM J. Numer. Anal.
/// 9(3).
struct CooperVerner8Tableau {
  static constexpr std::string_view name = "cooper_verner8";
  static constexpr int order = 8;
  static constexpr std::size_t stages = 11;
  static constexpr double s = 4.58257569495584000658804719372800849;  // √21
  static constexpr std::array<std::array<double, 11>, 11> a{
      {{},
       {1.0 / 2},
       {1.0 / 4, 1.0 / 4},
       {1.0 / 7, (-7 - 3 * s) / 98, (21 + 5 * s) / 49},
       {(11 + s) / 84, 0, (18 + 4 * s) / 63, (21 - s) / 252},
       {(5 + s) / 48, 0, (9 + s) / 36, (-231 + 14 * s) / 360, (63 - 7 * s) / 80},
       {(10 - s) / 42, 0, (-432 + 92 * s) / 315, (633 - 145 * s) / 90, (-504 + 115 * s) / 70,
        (63 - 13 * s) / 35},
       {1.0 / 14, 0, 0, 0, (14 - 3 * s) / 126, (13 - 3 * s) / 63, 1.0 / 9},
       {1.0 / 32, 0, 0, 0, (91 - 21 * s) / 576, 11.0 / 72, (-385 - 75 * s) / 1152, (63 + 13 * s) / 128},
       {1.0 / 14, 0, 0, 0, 1.0 / 9, (-733 - 147 * s) / 2205, (515 + 111 * s) / 504, (-51 - 11 * s) / 56,
        (132 + 28 * s) / 245},
       {0, 0, 0, 0, (-42 + 7 * s) / 18, (-18 + 28 * s) / 45, (-273 - 53 * s) / 72, (301 + 53 * s) / 72,
        (28 - 28 * s) / 45, (49 - 7 * s) / 18}}};
  static constexpr std::array<double, 11> b{1.0 / 20, 0,          0,         0,          0,       0,
                                            0,        49.0 / 180, 16.0 / 45, 49.0 / 180, 1.0 / 20};
};

/// Integrates any field with order 4: four evaluations a step, no structure preserved.
using Rk4 = ExplicitRungeKutta<Rk4Tableau>;

/// Integrates smooth fields to near machine precision: order 8, eleven evaluations a step, no structure
/// preserved.
using CooperVerner8 = ExplicitRungeKutta<CooperVerner8Tableau>;

}  // namespace metriplex
