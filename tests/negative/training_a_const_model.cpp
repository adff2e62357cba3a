// expect: training changes the model: it takes one that is neither const nor a temporary
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"

using namespace metriplex;

using Family = Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 1>, Shift>;

int main() {
#ifdef METRIPLEX_CONTROL
  Family model(2);
#else
  const Family model(2);
#endif
  AutoDecoder(model, TaskSet<2>(), {.steps = 1}).run();
}
