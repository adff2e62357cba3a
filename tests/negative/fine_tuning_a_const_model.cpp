// expect: fine_tune changes one system's weights: it takes what bind(z) returned, not const
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/fine_tune.hpp"

using namespace metriplex;

int main() {
  const Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 1>, None> family(1);
#ifdef METRIPLEX_CONTROL
  auto system = family.bind(Vector<double>::Zero(1));
#else
  const auto system = family.bind(Vector<double>::Zero(1));
#endif
  const Matrix<double, 2> x = Matrix<double, 2>::Ones(2, 3);
  return fine_tune(system, x, x) >= 0 ? 0 : 1;
}
