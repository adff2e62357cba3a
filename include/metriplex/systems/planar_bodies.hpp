#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Describes N bodies in a plane that attract one another, two on rosettes, three so close that their motion is chaotic; their masses tell
/// members apart.
///
/// Math: H = Σ |pᵢ|²/2mᵢ − Σ mᵢmⱼ/√(rᵢⱼ² + ε²), ε = 0.5, so that no encounter is singular (Plummer 1911); initial states are bound.
/// Shapes: x = (q, p), q and p [N bodies x 2], body by body.
/// Units: none.
template <int N>
struct PlanarBodies {
  static_assert(N == 2 || N == 3, "there are two planar bodies, or three");
  static constexpr std::string_view name = N == 2 ? "two_bodies" : "three_bodies";
  static constexpr int dim = 4 * N;
  static constexpr int parameters = N;
  static constexpr double softening = 0.5;
  static constexpr std::array<std::string_view, dim> state_names = [] {
    constexpr std::array<std::string_view, 12> all{"x1", "y1", "x2", "y2", "x3", "y3",
                                                   "u1", "v1", "u2", "v2", "u3", "v3"};
    std::array<std::string_view, dim> names;
    for (std::size_t i = 0; i < dim; ++i) names[i] = all[i < 2 * N ? i : i - 2 * N + 6];
    return names;
  }();
  static constexpr std::array<std::string_view, N> parameter_names = [] {
    constexpr std::array<std::string_view, 3> all{"m1", "m2", "m3"};
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i) names[i] = all[i];
    return names;
  }();
  static constexpr Box<N> parameter_box = [] {
    Box<N> box;
    for (std::size_t i = 0; i < N; ++i) box.lo[i] = 0.5, box.hi[i] = 1.5;
    return box;
  }();
  static constexpr Box<dim> initial_box = [] {
    Box<dim> box;
    for (std::size_t i = 0; i < dim; ++i) box.hi[i] = i < 2 * N ? 1.5 : 0.4, box.lo[i] = -box.hi[i];
    return box;
  }();

  /// Computes the energy at x of the member mu, the masses.
  template <class T>
  static T energy(const Vector<T, dim>& x, const Vector<double, N>& mu) {
    using std::sqrt;
    T total(0);
    for (int i = 0, p = 2 * N; i < N; ++i, p += 2) {
      total += (x(p) * x(p) + x(p + 1) * x(p + 1)) / (2 * mu(i));
      for (int j = 0; j < i; ++j) {
        const T dx = x(2 * i) - x(2 * j), dy = x(2 * i + 1) - x(2 * j + 1);
        total -= mu(i) * mu(j) / sqrt(dx * dx + dy * dy + softening * softening);
      }
    }
    return total;
  }

  /// Tells whether the bodies at x are bound.
  static bool accepts(const Vector<double, dim>& x, const Vector<double, N>& mu) {
    return energy(x, mu) < (N == 2 ? -0.2 : -0.5);
  }
};

using TwoBodies = PlanarBodies<2>;
using ThreeBodies = PlanarBodies<3>;

}  // namespace metriplex
