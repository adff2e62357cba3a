// expect: the family's states have another number of components than the model's
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
constexpr int dim = 2;
#else
constexpr int dim = 4;
#endif

int main() {
  Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 1>, Shift> model(2);
  const TaskSet<dim> family;
  AutoDecoder(model, family).run();
}
