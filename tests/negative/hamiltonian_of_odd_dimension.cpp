// expect: a canonical Hamiltonian state (q, p) has an even number of components
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/structure/hamiltonian.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
constexpr int dim = 2;
#else
constexpr int dim = 3;
#endif

int main() {
  const Model<Hamiltonian<dim>, Mlp<Tanh, dim, 8, 1>, None> model(1);
  const auto bound = model.bind(Vector<double>::Zero(1));
  return bound(Vector<double, dim>::Zero()).allFinite() ? 0 : 1;
}
