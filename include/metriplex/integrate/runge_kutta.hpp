#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/refused.hpp"
#include "metriplex/integrate/stages.hpp"

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
  static constexpr bool symmetric = false;

  template <VectorField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const noexcept(nothrow_field<F>) {
    using State = typename F::State;
    std::array<State, used_stages> k;
    State next;
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      ((move_along<StageWeights<Tableau, i>, i>(k, x, dt, next), f(next, k[i])), ...);
    }
    (std::make_index_sequence<used_stages>{});
    move_along<StepWeights<Tableau>, used_stages>(k, x, dt, next);
    if (!all_finite(next)) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }

  /// Refuses what is no field, or no state, in one sentence.
  template <class F, class... Rest>
    requires(!VectorField<F> || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    require_vector_field<F>();
    require_state<F, Rest...>();
    return {};
  }

  /// Advances many states at once, at the speed of the field's batch; see `BatchIntegratorFor`.
  template <HasBatch F>
  void step_batch(const F& f, StatesOf<F>& x, ScalarOf<F> dt, std::vector<StatesOf<F>>& scratch) const {
    scratch.resize(used_stages + 1);  // the stages' rates, and the state between
    for (StatesOf<F>& states : scratch) states.resize(x.rows(), x.cols());
    StatesOf<F>& next = scratch[used_stages];
    const auto move_to_next = [&](const auto& weights, std::size_t count) {
      for (Index i = 0; i < x.size(); ++i) {
        ScalarOf<F> sum(0);
        for (std::size_t j = 0; j < count; ++j)
          if (weights[j] != 0.0) sum += static_cast<ScalarOf<F>>(weights[j]) * scratch[j].data()[i];
        next.data()[i] = x.data()[i] + dt * sum;
      }
    };
    for (std::size_t i = 0; i < used_stages; ++i) {
      if (i > 0) move_to_next(Tableau::a[i], i);
      f.batch(i > 0 ? next : x, scratch[i]);
    }
    move_to_next(Tableau::b, used_stages);
    x.swap(next);
  }

 private:
  // Stages without weight at the end serve an error estimate, which a fixed step does not take.
  static constexpr std::size_t used_stages = [] {
    std::size_t used = Tableau::stages;
    while (used > 1 && Tableau::b[used - 1] == 0.0) --used;
    return used;
  }();
};

/// Holds the coefficients of Euler's method.
struct EulerTableau {
  static constexpr std::string_view name = "euler";
  static constexpr int order = 1;
  static constexpr std::size_t stages = 1;
  static constexpr std::array<std::array<double, 1>, 1> a{};
  static constexpr std::array<double, 1> b{1};
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

/// Holds the coefficients of a pair of orders 5 and 4: `b` advances, and `error` is what it has beyond the weights of
/// order 4. The last stage is the first of the next step.
///
/// Math: Dormand & Prince 1980, "A family of embedded Runge–Kutta formulae", J. Comput. Appl. Math. 6, RK5(4)7M.
struct DormandPrince5Tableau {
  static constexpr std::string_view name = "dormand_prince5";
  static constexpr int order = 5;
  static constexpr std::size_t stages = 7;
  static constexpr std::array<std::array<double, 7>, 7> a{
      {{},
       {1.0 / 5},
       {3.0 / 40, 9.0 / 40},
       {44.0 / 45, -56.0 / 15, 32.0 / 9},
       {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
       {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
       {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}}};
  static constexpr std::array<double, 7> b{35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784,
                                           11.0 / 84,  0};
  static constexpr std::array<double, 7> error{71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                               -17253.0 / 339200, 22.0 / 525, -1.0 / 40};
};

/// Integrates any field with order 1: one evaluation a step; for comparison.
using Euler = ExplicitRungeKutta<EulerTableau>;

/// Integrates any field with order 4: four evaluations a step, no structure preserved.
using Rk4 = ExplicitRungeKutta<Rk4Tableau>;

/// Integrates any field with order 5 in equal steps: six evaluations a step, the seventh stage being needed only for the
/// error that `AdaptiveRungeKutta` steers by.
using DormandPrince5 = ExplicitRungeKutta<DormandPrince5Tableau>;

/// Integrates smooth fields to near machine precision: order 8, eleven evaluations a step, no structure
/// preserved.
using CooperVerner8 = ExplicitRungeKutta<CooperVerner8Tableau>;

}  // namespace metriplex
