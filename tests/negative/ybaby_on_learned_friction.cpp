// expect: which this field has not: use GenericGonzalez, which takes any field with energy and entropy
#include "metriplex/integrate/generic_discrete_gradient.hpp"
#include "metriplex/integrate/ybaby.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/generic.hpp"

using namespace metriplex;

int main() {
  const Model<Generic<3, 1>, Networks<Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 4, 6>>, Shift> model(2);
  const auto bound = model.bind(Vector<double>::Zero(2));
  Vector<double, 3> x(1, 0, 0);
#ifdef METRIPLEX_CONTROL
  const StepStatus status = GenericGonzalez{}.step(bound, x, 0.1);
#else
  const StepStatus status = Ybaby{}.step(bound, x, 0.1);
#endif
  return status == StepStatus::ok ? 0 : 1;
}
