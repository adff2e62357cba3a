#pragma once

#include <array>
#include <string_view>

#include "metriplex/integrate/newton.hpp"
#include "metriplex/integrate/refused.hpp"

namespace metriplex {

/// Holds the coefficients of the Runge–Kutta method that collocates at the Gauss points: `a`, the nodes `c`, and the
/// weights `d` of the increments z = dt A f, for x₁ = x₀ + Σ d_i z_i.
///
/// Math: Hairer, Lubich, Wanner 2006, "Geometric numerical integration", II.1.3; d = A⁻ᵀ b (Hairer & Wanner 1996,
/// "Solving ordinary differential equations II", IV.8).
template <int Stages>
struct GaussTableau;

template <>
struct GaussTableau<1> {
  static constexpr std::string_view name = "implicit_midpoint";
  static constexpr std::array<std::array<double, 1>, 1> a{{{0.5}}};
  static constexpr std::array<double, 1> c{0.5}, d{2};
};

template <>
struct GaussTableau<2> {
  static constexpr std::string_view name = "gauss_legendre4";
  static constexpr double s = 1.73205080756887729352744634150587237;  // √3
  static constexpr std::array<std::array<double, 2>, 2> a{
      {{1.0 / 4, 1.0 / 4 - s / 6}, {1.0 / 4 + s / 6, 1.0 / 4}}};
  static constexpr std::array<double, 2> c{1.0 / 2 - s / 6, 1.0 / 2 + s / 6}, d{-s, s};
};

template <>
struct GaussTableau<3> {
  static constexpr std::string_view name = "gauss_legendre6";
  static constexpr double s = 3.87298334620741688517926539978239961;  // √15
  static constexpr std::array<std::array<double, 3>, 3> a{{{5.0 / 36, 2.0 / 9 - s / 15, 5.0 / 36 - s / 30},
                                                           {5.0 / 36 + s / 24, 2.0 / 9, 5.0 / 36 - s / 24},
                                                           {5.0 / 36 + s / 30, 2.0 / 9 + s / 15, 5.0 / 36}}};
  static constexpr std::array<double, 3> c{1.0 / 2 - s / 10, 1.0 / 2, 1.0 / 2 + s / 10},
      d{5.0 / 3, -4.0 / 3, 5.0 / 3};
};

/// Integrates any field with a Jacobian by the collocation method of Gauss and Legendre: symplectic for every
/// Hamiltonian, separable or not, symmetric, exact on quadratic invariants, and of the highest order that its stages
/// allow.
///
/// Math: z_i = dt Σ_j a_ij f(x₀ + z_j), x₁ = x₀ + Σ_i d_i z_i, solved for z by Newton's method with the field's
/// exact Jacobian.
/// Cost: per iteration (three or four a step) `Stages` fields and Jacobians and one dense solve of Stages · dim
/// unknowns; with `simplified`, one Jacobian a stage and step. Nothing is allocated.
template <int Stages>
struct GaussLegendre {
  using Tableau = GaussTableau<Stages>;
  using Options = NewtonOptions;

  static constexpr std::string_view name = Tableau::name;
  static constexpr int order = 2 * Stages;
  static constexpr bool symplectic = true;
  static constexpr bool symmetric = true;

  Options options{};

  template <HasJacobian F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const noexcept(nothrow_field<F>) {
    using State = typename F::State;
    using Scalar = ScalarOf<F>;
    constexpr int dim = State::RowsAtCompileTime, size = Stages * dim;
    State rate, stage;
    f(x, rate);
    Vector<Scalar, size> z, sizes;
    for (int i = 0; i < size; ++i) {
      z[i] = static_cast<Scalar>(Tableau::c[i / dim]) * dt * rate[i % dim];
      sizes[i] = x[i % dim];
    }
    const auto residual = [&](const auto& increments, auto& miss, auto* derivative) {
      miss = increments;
      if (derivative != nullptr) derivative->setIdentity();
      for (int j = 0; j < Stages; ++j) {
        for (int k = 0; k < dim; ++k) stage[k] = x[k] + increments[j * dim + k];
        f(stage, rate);
        for (int i = 0; i < size; ++i) miss[i] -= weight(i / dim, j, dt) * rate[i % dim];
        if (derivative == nullptr) continue;
        JacobianOf<F> slope;
        f.jacobian(stage, slope);
        for (int k = 0; k < dim; ++k)
          for (int i = 0; i < size; ++i)
            (*derivative)(i, j * dim + k) -= weight(i / dim, j, dt) * slope(i % dim, k);
      }
    };
    const StepStatus status = solve_newton(options, sizes, z, residual);
    if (status != StepStatus::ok) return status;
    State next = x;
    for (int i = 0; i < size; ++i) next[i % dim] += static_cast<Scalar>(Tableau::d[i / dim]) * z[i];
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

 private:
  template <class Scalar>
  static Scalar weight(int i, int j, Scalar dt) {
    return dt * static_cast<Scalar>(Tableau::a[i][j]);
  }
};

/// Integrates any field with a Jacobian by the implicit midpoint rule, the method of one stage and order 2.
using ImplicitMidpoint = GaussLegendre<1>;

}  // namespace metriplex
