#pragma once

#include <utility>

#include "metriplex/autodiff/gradient.hpp"
#include "metriplex/autodiff/hessian.hpp"
#include "metriplex/systems/system.hpp"

namespace metriplex {

/// Turns an energy into the motion that conserves it, a vector field for any integrator; derivatives come
/// from dual numbers.
///
/// `Energy` is a callable that takes a `Vector<T, Dim>` of numbers or dual numbers and returns a T.
/// Math: dq/dt = ∂H/∂p, dp/dt = −∂H/∂q.
/// Shapes: x = (q, p) [Dim x 1], Dim even.
template <class Energy, int Dim, RealScalar Scalar = double>
class HamiltonianField {
  static_assert(Dim > 0 && Dim % 2 == 0,
                "A Hamiltonian system needs as many momenta as positions: an even dimension.");

 public:
  using State = Vector<Scalar, Dim>;
  static constexpr bool canonical = true;

  explicit HamiltonianField(Energy energy) : energy_(std::move(energy)) {}

  /// Tells the number of components of the state.
  static constexpr int dim() { return Dim; }

  /// Computes the rate of change dx/dt at x.
  void operator()(const State& x, State& dx) const { dx = rotated(gradient(energy_, x)); }

  /// Computes the energy at x.
  Scalar energy(const State& x) const { return static_cast<Scalar>(energy_(x)); }

  /// Computes the derivative of the rate by the state at x.
  ///
  /// Shapes: J [Dim x Dim].
  void jacobian(const State& x, Matrix<Scalar, Dim, Dim>& J) const { J = rotated(hessian(energy_, x)); }

 private:
  // Multiplies by Ω = [0, I; −I, 0] from the left.
  template <class M>
  static M rotated(const M& m) {
    constexpr int half = Dim / 2;
    M result;
    for (Index j = 0; j < m.cols(); ++j)
      for (Index i = 0; i < half; ++i) {
        result(i, j) = m(half + i, j);
        result(half + i, j) = -m(i, j);
      }
    return result;
  }

  Energy energy_;
};

/// Makes the field of an energy of one's own: `hamiltonian_field<2>([](const auto& x) { return ...; })`.
template <int Dim, RealScalar Scalar = double, class Energy>
auto hamiltonian_field(Energy energy) {
  return HamiltonianField<Energy, Dim, Scalar>(std::move(energy));
}

/// Makes the exact field of the member `mu` of a system: `hamiltonian_field<Pendulum>(mu)`.
///
/// Shapes: mu [parameters x 1].
template <class S>
auto hamiltonian_field(const Vector<double, S::parameters>& mu) {
  require_system<S>();
  return HamiltonianField<MemberEnergy<S>, S::dim>(MemberEnergy<S>{mu});
}

}  // namespace metriplex
