#include <metriplex/inference.hpp>
#include <metriplex/version.hpp>

// A field of one's own size and modulation, built from the installed headers and stepped once.
int main() {
  using namespace metriplex;
  Model<Hamiltonian<2>, Mlp<Softplus, 2, 5, 1>, LowRank<2>> family(3);
  Random random(1);
  family.initialize(random);
  const auto unit = family.bind(Vector<double, 3>(0.1, 0.2, 0.3));
  Vector<double, 2> x(0.5, 0.5);
  const double before = unit.energy(x);
  const bool stepped = ImplicitMidpoint{}.step(unit, x, 1e-3) == StepStatus::ok;
  return stepped && std::abs(unit.energy(x) - before) < 1e-9 && METRIPLEX_VERSION_MAJOR >= 0 ? 0 : 1;
}
