// expect: A step moves the field's own State in place: pass a variable of the type F::State
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"

using namespace metriplex;

int main() {
  const auto field = hamiltonian_field<2>([](const auto& x) { return x(0) * x(0) + x(1) * x(1); });
#ifdef METRIPLEX_CONTROL
  Vector<double, 2> x(1, 0);
#else
  Vector<float, 2> x(1, 0);
#endif
  return Rk4{}.step(field, x, 0.1) == StepStatus::ok ? 0 : 1;
}
