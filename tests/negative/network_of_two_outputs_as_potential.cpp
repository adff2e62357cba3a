// expect: a potential is a network with one output
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
constexpr int outputs = 1;
#else
constexpr int outputs = 2;
#endif

int main() {
  const Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, outputs>, Shift> model(2);
  const auto bound = model.bind(Vector<double>::Zero(2));
  return bound(Vector<double, 2>::Zero()).allFinite() ? 0 : 1;
}
