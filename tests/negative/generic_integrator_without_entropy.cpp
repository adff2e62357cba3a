// expect: This integrator keeps the energy and makes entropy, and needs the field's energy(x) and entropy(x)
#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/generic_discrete_gradient.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
#include "metriplex/systems/pendulum.hpp"

using namespace metriplex;

int main() {
  const auto field = hamiltonian_field<Pendulum>({1, 1});
  Vector<double, 2> x(1, 0);
#ifdef METRIPLEX_CONTROL
  const StepStatus status = Gonzalez{}.step(field, x, 0.1);
#else
  const StepStatus status = GenericGonzalez{}.step(field, x, 0.1);
#endif
  return status == StepStatus::ok ? 0 : 1;
}
