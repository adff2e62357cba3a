// expect: and this field is not: use ImplicitMidpoint, GaussLegendre or Tao (symplectic), Gonzalez (keeps the energy) or
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
using Learned = Model<SeparableHamiltonian<2>, Mlp<Tanh, 1, 8, 1>, Shift>;
#else
using Learned = Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 1>, Shift>;
#endif

int main() {
  const Learned model(2);
  const auto bound = model.bind(Vector<double>::Zero(2));
  const Vector<double> times = Vector<double>::LinSpaced(11, 0, 1);
  return rollout(bound, StormerVerlet{}, Vector<double, 2>(1, 0), times).completed == 11 ? 0 : 1;
}
