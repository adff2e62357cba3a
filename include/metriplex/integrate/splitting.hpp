#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Integrates a separable field by kicks and drifts in turn: symplectic, explicit.
///
/// `Coefficients` holds `name`, `order`, `symmetric`, the `kicks` and the `drifts`, each as a fraction of the step; and
/// `needs_quadratic_kinetic`, true, where the order holds only for a kinetic energy pᵀM⁻¹p/2.
/// Math: p ← p + kick_i dt force(q), q ← q + drift_i dt velocity(p), for i = 0, 1, …; as many kicks as drifts, or one
/// more (Hairer, Lubich, Wanner 2006, "Geometric numerical integration", II.5 and V.3).
/// Shapes: x = (q, p) [D x 1], D even.
/// Cost: a force a kick and a velocity a drift; coefficients that are zero cost nothing.
/// Not: for a learned H(q, p) that is not T(p) + V(q); that fails to compile.
template <class Coefficients>
struct Splitting {
  static constexpr std::string_view name = Coefficients::name;
  static constexpr int order = Coefficients::order;
  static constexpr bool symplectic = true;
  static constexpr bool symmetric = Coefficients::symmetric;

  /// Whether this splitting takes F.
  template <class F>
  static constexpr bool takes = SeparableField<F> && (HasQuadraticKinetic<F> || !requires {
                                  requires Coefficients::needs_quadratic_kinetic;
                                });

  template <VectorField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const
      noexcept(nothrow_field<F>) requires takes<F> {
    using Scalar = ScalarOf<F>;
    constexpr int half = F::State::RowsAtCompileTime / 2;
    constexpr auto kicks = Coefficients::kicks;
    constexpr auto drifts = Coefficients::drifts;
    static_assert(kicks.size() == drifts.size() || kicks.size() == drifts.size() + 1,
                  "a splitting begins with a kick: as many kicks as drifts, or one more");
    HalfState<F> q = x.template head<half>(), p = x.template tail<half>(), rate;
    for (std::size_t i = 0; i < kicks.size(); ++i) {
      if (kicks[i] != 0.0) {
        f.force(q, rate);
        p += static_cast<Scalar>(kicks[i]) * dt * rate;
      }
      if (i < drifts.size() && drifts[i] != 0.0) {
        f.velocity(p, rate);
        q += static_cast<Scalar>(drifts[i]) * dt * rate;
      }
    }
    if (!all_finite(q) || !all_finite(p)) return StepStatus::non_finite;
    x << q, p;
    return StepStatus::ok;
  }

  /// Advances many states at once, at the speed of the field's batch; see `BatchIntegratorFor`.
  ///
  /// Cost: a batch of the field a kick and a drift, of which each uses one half.
  template <HasBatch F>
  void step_batch(const F& f, StatesOf<F>& x, ScalarOf<F> dt,
                  std::vector<StatesOf<F>>& scratch) const requires takes<F> {
    constexpr int half = F::State::RowsAtCompileTime / 2;
    scratch.resize(1);
    scratch[0].resize(x.rows(), x.cols());
    const auto move = [&](int first, double fraction) {
      if (fraction == 0.0) return;
      f.batch(x, scratch[0]);
      const auto by = static_cast<ScalarOf<F>>(fraction) * dt;
      for (Index j = 0; j < x.cols(); ++j)
        for (int i = first; i < first + half; ++i) x(i, j) += by * scratch[0](i, j);
    };
    for (std::size_t i = 0; i < Coefficients::kicks.size(); ++i) {
      move(half, Coefficients::kicks[i]);
      if (i < Coefficients::drifts.size()) move(0, Coefficients::drifts[i]);
    }
  }

  /// Refuses a field that is not separable, or whose kinetic energy is not quadratic, in one sentence.
  template <class F, class... Rest>
    requires(!takes<F> || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    require_separable_field<F>();
    static_assert(
        !SeparableField<F> || takes<F>,
        "This splitting has its order only where T(p) is quadratic, which a field says by `static constexpr "
        "bool quadratic_kinetic = true`: use Yoshida4 or BlanesMoan4, which take any T(p).");
    require_state<F, Rest...>();
    return {};
  }
};

/// Turns the substeps of a composition of leapfrogs into kicks and drifts.
template <std::size_t Count>
struct LeapfrogComposition {
  std::array<double, Count + 1> kicks{};
  std::array<double, Count> drifts;

  constexpr explicit LeapfrogComposition(const std::array<double, Count>& steps) : drifts(steps) {
    for (std::size_t i = 0; i < Count; ++i) {
      kicks[i] += steps[i] / 2;
      kicks[i + 1] += steps[i] / 2;
    }
  }
};

/// Completes the first half of a symmetric composition and its middle, so that all substeps sum to 1.
template <std::size_t Half>
constexpr std::array<double, 2 * Half + 1> symmetric_steps(const std::array<double, Half>& first) {
  std::array<double, 2 * Half + 1> steps{};
  steps[Half] = 1;
  for (std::size_t i = 0; i < Half; ++i) {
    steps[i] = steps[2 * Half - i] = first[i];
    steps[Half] -= 2 * first[i];
  }
  return steps;
}

/// Holds the coefficients of the symplectic Euler method.
///
/// Math: de Vogelaere 1956.
struct SymplecticEulerCoefficients {
  static constexpr std::string_view name = "symplectic_euler";
  static constexpr int order = 1;
  static constexpr bool symmetric = false;
  static constexpr std::array<double, 1> kicks{1}, drifts{1};
};

/// Holds the coefficients of the leapfrog.
///
/// Math: Hairer, Lubich, Wanner 2006, I.1.4.
struct StormerVerletCoefficients {
  static constexpr std::string_view name = "stormer_verlet";
  static constexpr int order = 2;
  static constexpr bool symmetric = true;
  static constexpr std::array<double, 2> kicks{1.0 / 2, 1.0 / 2};
  static constexpr std::array<double, 1> drifts{1};
};

/// Holds the coefficients of Ruth's method of order 3.
///
/// Math: Ruth 1983, "A canonical integration technique".
struct Ruth3Coefficients {
  static constexpr std::string_view name = "ruth3";
  static constexpr int order = 3;
  static constexpr bool symmetric = false;
  static constexpr std::array<double, 3> kicks{7.0 / 24, 3.0 / 4, -1.0 / 24}, drifts{2.0 / 3, -2.0 / 3, 1};
};

/// Holds the coefficients of McLachlan and Atela's method of order 4.
///
/// Math: McLachlan & Atela 1992, "The accuracy of symplectic integrators", Nonlinearity 5, table 2: of order 4 where the
/// kinetic energy is quadratic, and of order 3 elsewhere.
struct McLachlanAtela4Coefficients {
  static constexpr std::string_view name = "mclachlan_atela4";
  static constexpr int order = 4;
  static constexpr bool symmetric = false;
  static constexpr bool needs_quadratic_kinetic = true;
  static constexpr std::array<double, 4> kicks{0.1344961992774310892, -0.2248198030794208058,
                                               0.7563200005156682911, 0.3340036032863214255},
      drifts{0.5153528374311229364, -0.085782019412973646, 0.4415830236164665242, 0.1288461583653841854};
};

/// Holds the coefficients of the triple jump of leapfrogs, order 4.
///
/// Math: Forest & Ruth 1990; Yoshida 1990, "Construction of higher order symplectic integrators", Phys. Lett. A 150,
/// eq. 2.11.
struct Yoshida4Coefficients {
  static constexpr std::string_view name = "yoshida4";
  static constexpr int order = 4;
  static constexpr bool symmetric = true;
  static constexpr LeapfrogComposition<3> steps{symmetric_steps<1>({1.35120719195965763404768780897})};
  static constexpr auto kicks = steps.kicks;
  static constexpr auto drifts = steps.drifts;
};

/// Holds the coefficients of a composition of seven leapfrogs, order 6.
///
/// Math: Yoshida 1990, table 1, solution A.
struct Yoshida6Coefficients {
  static constexpr std::string_view name = "yoshida6";
  static constexpr int order = 6;
  static constexpr bool symmetric = true;
  static constexpr LeapfrogComposition<7> steps{
      symmetric_steps<3>({0.784513610477560, 0.235573213359357, -1.17767998417887})};
  static constexpr auto kicks = steps.kicks;
  static constexpr auto drifts = steps.drifts;
};

/// Holds the coefficients of a composition of fifteen leapfrogs, order 8.
///
/// Math: Yoshida's composition of 15 leapfrogs, with the coefficients of Suzuki & Umeno 1993 (Hairer, Lubich, Wanner
/// 2006, V.3, eq. 3.11), whose errors are a hundredth of those of Yoshida's own.
struct Yoshida8Coefficients {
  static constexpr std::string_view name = "yoshida8";
  static constexpr int order = 8;
  static constexpr bool symmetric = true;
  static constexpr LeapfrogComposition<15> steps{symmetric_steps<7>(
      {0.74167036435061295344822780, -0.40910082580003159399730010, 0.19075471029623837995387626,
       -0.57386247111608226665638773, 0.29906418130365592384446354, 0.33462491824529818378495798,
       0.31529309239676659663205666})};
  static constexpr auto kicks = steps.kicks;
  static constexpr auto drifts = steps.drifts;
};

/// Holds the coefficients of Blanes and Moan's method of six stages, order 4.
///
/// Math: Blanes & Moan 2002, "Practical symplectic partitioned Runge–Kutta and Runge–Kutta–Nyström methods", J.
/// Comput. Appl. Math. 142, table 2, S₆; with the parts of kicks and drifts exchanged, which changes no order.
struct BlanesMoan4Coefficients {
  static constexpr std::string_view name = "blanes_moan4";
  static constexpr int order = 4;
  static constexpr bool symmetric = true;
  static constexpr double a1 = 0.0792036964311957, a2 = 0.353172906049774, a3 = -0.0420650803577195;
  static constexpr double b1 = 0.209515106613362, b2 = -0.143851773179818;
  static constexpr std::array<double, 7> kicks{a1, a2, a3, 1 - 2 * (a1 + a2 + a3), a3, a2, a1};
  static constexpr std::array<double, 6> drifts{b1, b2, 0.5 - b1 - b2, 0.5 - b1 - b2, b2, b1};
};

/// Holds the coefficients of Blanes and Moan's method of ten stages, order 6.
///
/// Math: Blanes & Moan 2002, table 2, S₁₀, likewise.
struct BlanesMoan6Coefficients {
  static constexpr std::string_view name = "blanes_moan6";
  static constexpr int order = 6;
  static constexpr bool symmetric = true;
  static constexpr double a1 = 0.0502627644003922, a2 = 0.413514300428344, a3 = 0.0450798897943977,
                          a4 = -0.188054853819569, a5 = 0.541960678450780;
  static constexpr double b1 = 0.148816447901042, b2 = -0.132385865767784, b3 = 0.067307604692185,
                          b4 = 0.432666402578175, b5 = 0.5 - b1 - b2 - b3 - b4;
  static constexpr std::array<double, 11> kicks{a1, a2, a3, a4, a5, 1 - 2 * (a1 + a2 + a3 + a4 + a5),
                                                a5, a4, a3, a2, a1};
  static constexpr std::array<double, 10> drifts{b1, b2, b3, b4, b5, b5, b4, b3, b2, b1};
};

using SymplecticEuler = Splitting<SymplecticEulerCoefficients>;  ///< order 1, one force a step
using StormerVerlet = Splitting<StormerVerletCoefficients>;      ///< order 2, the leapfrog
using Ruth3 = Splitting<Ruth3Coefficients>;                      ///< order 3, three forces a step
using McLachlanAtela4 = Splitting<McLachlanAtela4Coefficients>;  ///< order 4, four forces a step, T quadratic
using Yoshida4 = Splitting<Yoshida4Coefficients>;                ///< order 4, symmetric, also Forest–Ruth
using Yoshida6 = Splitting<Yoshida6Coefficients>;                ///< order 6, symmetric
using Yoshida8 = Splitting<Yoshida8Coefficients>;                ///< order 8, symmetric
using BlanesMoan4 = Splitting<BlanesMoan4Coefficients>;          ///< order 4, symmetric, small errors
using BlanesMoan6 = Splitting<BlanesMoan6Coefficients>;          ///< order 6, symmetric, small errors

}  // namespace metriplex
