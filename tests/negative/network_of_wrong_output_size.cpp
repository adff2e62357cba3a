// expect: the network's number of outputs differs from the coefficients
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/generic.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
constexpr int outputs = 6;
#else
constexpr int outputs = 5;
#endif

int main() {
  const Model<Generic<3, 1>, Networks<Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 4, outputs>>, Shift> model(2);
  const auto bound = model.bind(Vector<double>::Zero(2));
  return bound(Vector<double, 3>::Zero()).allFinite() ? 0 : 1;
}
