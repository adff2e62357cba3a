// expect: the network's number of inputs differs from the rows of the state
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
constexpr int inputs = 4;
#else
constexpr int inputs = 3;
#endif

int main() {
  const Model<Hamiltonian<4>, Mlp<Tanh, inputs, 8, 1>, Shift> model(2);
  const auto bound = model.bind(Vector<double>::Zero(2));
  return bound(Vector<double, 4>::Zero()).allFinite() ? 0 : 1;
}
