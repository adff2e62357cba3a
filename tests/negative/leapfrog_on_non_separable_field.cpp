// expect: This integrator needs a separable field, H = T(p) + V(q)
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"

using namespace metriplex;

int main() {
  const auto field = hamiltonian_field<2>([](const auto& x) { return x(0) * x(0) * (1 + x(1) * x(1)); });
#ifdef METRIPLEX_CONTROL
  const ImplicitMidpoint integrator;
#else
  const StormerVerlet integrator;
#endif
  const Vector<double, 2> start(1, 0);
  const Vector<double> times = Vector<double>::LinSpaced(11, 0, 1);
  return rollout(field, integrator, start, times).completed == 11 ? 0 : 1;
}
