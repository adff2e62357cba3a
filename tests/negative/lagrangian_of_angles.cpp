// expect: a Lagrangian is a plain network: it neither sees angles as periodic nor stands beside a known part
#include "metriplex/model/bound_model.hpp"
#include "metriplex/structure/lagrangian.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
using Net = Mlp<Tanh, 2, 8, 1>;
#else
using Net = Periodic<Mlp<Tanh, 3, 8, 1>, 0>;
#endif

int main() {
  return BoundModel<Lagrangian<1>, Net, double>::Sweep<1>::weights_size > 0 ? 0 : 1;
}
