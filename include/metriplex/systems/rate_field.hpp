#pragma once

#include <algorithm>
#include <cstddef>

#include "metriplex/autodiff/gradient.hpp"
#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Makes one member of a system that states its own rate a vector field for any integrator; the Jacobian comes from
/// dual numbers.
///
/// Shapes: x [dim x 1].
template <HasSystemRate S>
class RateField {
 public:
  using State = Vector<double, S::dim>;
  using Jacobian = Matrix<double, S::dim, S::dim>;
  static constexpr bool canonical = requires { requires S::canonical; };
  static constexpr bool keeps_energy = canonical || HasSystemBracket<S>;

  explicit RateField(const Vector<double, S::parameters>& mu) : mu_(mu) {}

  static constexpr int dim() { return S::dim; }

  /// Computes the rate of change dx/dt at x.
  void operator()(const State& x, State& dx) const { S::rate(x, mu_, dx); }

  /// Computes the energy at x, of a system that has one.
  double energy(const State& x) const requires HasSystemEnergy<S> { return S::energy(x, mu_); }

  /// Writes the energy's gradient; with `gradient_rate`, what `GenericGonzalez` steps, of a system with a Poisson `bracket`.
  void energy_gradient(const State& x, State& e) const requires HasSystemBracket<S> {
    e = gradient(MemberEnergy<S>{mu_}, x);
  }
  /// Writes J(x) e, the rate with e in the place of the energy's gradient.
  void gradient_rate(const State& x, const State& e, State& dx) const requires HasSystemBracket<S> {
    S::bracket(x, e, dx);
  }

  /// Moves x by one of the parts of the energy alone, exactly, of a system that knows how: what `FlowSplitting` steps.
  static constexpr int flows = [] {
    if constexpr (HasSystemFlows<S>)
      return S::flows;
    else
      return 0;
  }();
  void flow(int part, State& x, double dt) const requires HasSystemFlows<S> { S::flow(part, x, mu_, dt); }

  /// Computes the derivative of the rate by the state at x, a few columns at a time: dual numbers of as many directions as
  /// a large state has components would not fit on the stack.
  ///
  /// Shapes: J [dim x dim].
  void jacobian(const State& x, Jacobian& J) const {
    constexpr int width = std::min(S::dim, 8);
    Vector<Dual<double, width>, S::dim> lifted, rate;
    for (int from = 0; from < S::dim; from += width) {
      const int columns = std::min(width, S::dim - from);
      for (int i = 0; i < S::dim; ++i) lifted[i] = x[i];
      for (int j = 0; j < columns; ++j) lifted[from + j].tangent[static_cast<std::size_t>(j)] = 1;
      S::rate(lifted, mu_, rate);
      for (int j = 0; j < columns; ++j)
        for (int i = 0; i < S::dim; ++i) J(i, from + j) = rate[i].tangent[static_cast<std::size_t>(j)];
    }
  }

 private:
  Vector<double, S::parameters> mu_;
};

}  // namespace metriplex
