// expect: a Lagrangian sees positions as angles, no velocities: those count turns a time
#include "metriplex/model/bound_model.hpp"
#include "metriplex/structure/lagrangian.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
using Net = Periodic<Mlp<Tanh, 3, 8, 1>, 0>;
#else
using Net = Periodic<Mlp<Tanh, 3, 8, 1>, 1>;
#endif

int main() {
  return BoundModel<Lagrangian<1>, Net, double>::Sweep<1>::weights_size > 0 ? 0 : 1;
}
