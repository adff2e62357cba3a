#pragma once

#include <array>
#include <string_view>

#include "metriplex/integrate/newton.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Holds the nodes and weights of Gauss's quadrature on [0, 1]; exact for polynomials up to degree 2·Points − 1.
///
/// Math: Abramowitz & Stegun 1964, table 25.4.
template <int Points>
struct GaussQuadrature;

template <>
struct GaussQuadrature<2> {
  static constexpr std::array<double, 2> nodes{0.2113248654051871177, 0.7886751345948128823},
      weights{0.5, 0.5};
};
template <>
struct GaussQuadrature<3> {
  static constexpr std::array<double, 3> nodes{0.1127016653792583115, 0.5, 0.8872983346207416885},
      weights{5.0 / 18, 8.0 / 18, 5.0 / 18};
};
template <>
struct GaussQuadrature<4> {
  static constexpr std::array<double, 4> nodes{0.0694318442029737124, 0.3300094782075718676,
                                               0.6699905217924281324, 0.9305681557970262876},
      weights{0.1739274225687269287, 0.3260725774312730713, 0.3260725774312730713, 0.1739274225687269287};
};
template <>
struct GaussQuadrature<5> {
  static constexpr std::array<double, 5> nodes{0.0469100770306680036, 0.2307653449471584545, 0.5,
                                               0.7692346550528415455, 0.9530899229693319964},
      weights{0.1184634425280945438, 0.2393143352496832340, 0.2844444444444444444, 0.2393143352496832340,
              0.1184634425280945438};
};

/// Integrates any field with a Jacobian by its average along the step, which keeps every energy whose field is a
/// constant skew matrix times its gradient: exactly up to degree 2·Points, and otherwise to the quadrature's error,
/// of order dt^(2·Points).
///
/// Math: x₁ = x₀ + dt ∫₀¹ f((1 − ξ) x₀ + ξ x₁) dξ (Quispel & McLaren 2008, "A new class of energy-preserving
/// numerical integration methods", J. Phys. A 41, eq. 1.2), by Gauss's quadrature.
/// Cost: `Points` fields and Jacobians an iteration of Newton's method, and one dense solve. Nothing is allocated.
/// Not: symplectic.
template <int Points = 4>
struct AverageVectorField {
  using Options = NewtonOptions;

  static constexpr std::string_view name = "average_vector_field";
  static constexpr int order = 2;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = true;

  Options options{};

  template <HasJacobian F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const noexcept(nothrow_field<F>) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    using Quadrature = GaussQuadrature<Points>;
    constexpr int dim = State::RowsAtCompileTime;
    State rate, stage;
    f(x, rate);
    State moved;  // x₁ − x₀
    for (int i = 0; i < dim; ++i) moved[i] = dt * rate[i];
    const auto residual = [&](const State& unknown, State& miss, JacobianOf<F>* derivative) {
      miss = unknown;
      if (derivative != nullptr) derivative->setIdentity();
      for (int k = 0; k < Points; ++k) {
        const auto node = static_cast<Scalar>(Quadrature::nodes[k]),
                   weight = dt * static_cast<Scalar>(Quadrature::weights[k]);
        for (int i = 0; i < dim; ++i) stage[i] = x[i] + node * unknown[i];
        f(stage, rate);
        for (int i = 0; i < dim; ++i) miss[i] -= weight * rate[i];
        if (derivative == nullptr) continue;
        JacobianOf<F> slope;
        f.jacobian(stage, slope);
        for (int i = 0; i < dim * dim; ++i) derivative->data()[i] -= weight * node * slope.data()[i];
      }
    };
    const StepStatus status = solve_newton(options, x, moved, residual);
    if (status != StepStatus::ok) return status;
    State next;
    for (int i = 0; i < dim; ++i) next[i] = x[i] + moved[i];
    if (!all_finite(next)) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }

  /// Refuses a field without a Jacobian, in one sentence.
  template <class F, class... Rest>
    requires(!HasJacobian<F> || wrong_state<F, Rest...>)
  Refused step(const F&, Rest&&...)
  const {
    require_jacobian<F>();
    require_state<F, Rest...>();
    return {};
  }
};

}  // namespace metriplex
