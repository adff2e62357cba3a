#pragma once

#include "metriplex/core/arrays.hpp"
#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Moves a state by a learned energy through a known bracket that depends on the state: energy and the bracket's Casimirs are
/// conserved, for any weights.
///
/// Math: ẋ = J(x)∇H, J skew; C with J∇C = 0 are its Casimirs (Marsden & Ratiu 1999, "Introduction to Mechanics and Symmetry",
/// ch. 10). A `Bracket` has name, dim and casimirs (how many), and, for numbers of any type:
/// `apply(x, v, to)` writes J(x)v; `slope(x, v, d, d_x)` writes the derivative of d·J(x)v by x; `casimir(x, c)` writes their values.
template <class Bracket>
struct Poisson {
  static constexpr std::string_view name = Bracket::name;
  static constexpr int dim = Bracket::dim;
  static constexpr std::array<NetworkSlot, 1> networks{{{"H", Role::energy, 0, dim}}};
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr bool gradient_flow = true;
  static constexpr bool conserves = true;
  static constexpr int canonical_pairs = 0;
  static constexpr int casimirs = Bracket::casimirs;

  template <class T>
  static void field(const Place<T>& at, const T* gradient, T* dx) {
    Bracket::apply(at.x, gradient, dx);
  }
  template <class T>
  static void pullback(const Place<T>& at, const T* gradient, const T* d_dx, T* d_gradient, T* d_x) {
    Bracket::apply(at.x, d_dx, d_gradient);
    for (int i = 0; i < dim; ++i) d_gradient[i] = -d_gradient[i];  // J is skew
    Bracket::slope(at.x, gradient, d_dx, d_x);
  }
  template <class T>
  static void casimir(const T* x, T* values) {
    Bracket::casimir(x, values);
  }
};

/// Is the bracket of a free rigid body, x its angular momentum in its own frame.
///
/// Math: J(x)v = x × v on so(3)*; Casimir |x|².
struct So3 {
  static constexpr std::string_view name = "poisson_so3";
  static constexpr int dim = 3, casimirs = 1;

  template <class T>
  static void apply(const T* x, const T* v, T* to) {
    for (int i = 0; i < 3; ++i) to[i] = T{};
    add_cross(x, v, to);
  }
  template <class T>
  static void slope(const T*, const T* v, const T* d, T* d_x) {
    for (int i = 0; i < 3; ++i) d_x[i] = T{};
    add_cross(v, d, d_x);
  }
  template <class T>
  static void casimir(const T* x, T* c) {
    c[0] = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
  }
};

/// Is the bracket of a heavy top, x = (m, γ) its angular momentum and the vertical in its own frame.
///
/// Math: J(x)(a, b) = (m × a + γ × b, γ × a) on se(3)*; Casimirs |γ|² and m·γ.
struct Se3 {
  static constexpr std::string_view name = "poisson_se3";
  static constexpr int dim = 6, casimirs = 2;

  template <class T>
  static void apply(const T* x, const T* v, T* to) {
    for (int i = 0; i < 6; ++i) to[i] = T{};
    add_cross(x, v, to);
    add_cross(x + 3, v + 3, to);
    add_cross(x + 3, v, to + 3);
  }
  template <class T>
  static void slope(const T*, const T* v, const T* d, T* d_x) {
    for (int i = 0; i < 6; ++i) d_x[i] = T{};
    add_cross(v, d, d_x);
    add_cross(v + 3, d, d_x + 3);
    add_cross(v, d + 3, d_x + 3);
  }
  template <class T>
  static void casimir(const T* x, T* c) {
    c[0] = c[1] = T{};
    for (int i = 0; i < 3; ++i) {
      c[0] += x[3 + i] * x[3 + i];
      c[1] += x[i] * x[3 + i];
    }
  }
};

/// Is the bracket of populations that eat one another, x their sizes.
///
/// Math: J_ij = x_i x_j for i < j (Nutku 1990, for two species); no Casimir where Dim is even.
template <int Dim>
struct LotkaVolterraBracket {
  static constexpr std::string_view name = "poisson_lotka_volterra";
  static constexpr int dim = Dim, casimirs = 0;

  template <class T>
  static void apply(const T* x, const T* v, T* to) {
    for (int i = 0; i < Dim; ++i) to[i] = T{};
    for (int i = 0; i < Dim; ++i)
      for (int j = i + 1; j < Dim; ++j) {
        to[i] += x[i] * x[j] * v[j];
        to[j] -= x[i] * x[j] * v[i];
      }
  }
  template <class T>
  static void slope(const T* x, const T* v, const T* d, T* d_x) {
    for (int i = 0; i < Dim; ++i) d_x[i] = T{};
    for (int i = 0; i < Dim; ++i)
      for (int j = i + 1; j < Dim; ++j) {
        const T by = d[i] * v[j] - d[j] * v[i];
        d_x[i] += x[j] * by;
        d_x[j] += x[i] * by;
      }
  }
  template <class T>
  static void casimir(const T*, T*) {}
};

}  // namespace metriplex
