// Meta-trains, adapts, steps and certifies: what a user's program has of the library, in one unit. Ends with 0 where all went well.
#include "metriplex/inference.hpp"
#include "metriplex/metriplex.hpp"

using namespace metriplex;
using M = Model<Hamiltonian<2>, Mlp<Tanh, 2, 16, 16, 1>, Svd<3>>;

int main() {
  const auto family = sample_family<Pendulum>({.members = 12});
  M model(3);
  AutoDecoder<M>(model, Recordings<2>(family), {.steps = 200}).run();
  const auto member = model.bind(adapt(model, family.states(11, 0), family.derivatives(11, 0)).z);
  M::Bound::State x(0.3, 0.1);
  const double energy = member.energy(x);
  for (int step = 0; step < 1000; ++step)
    if (Gonzalez{}.step(member, x, 0.05) != StepStatus::ok) return 1;
  if (!(std::abs(member.energy(x) - energy) < 1e-9)) return 2;
  if (!certify(member, Pendulum::initial_box, {.states = 100}).holds()) return 3;
  const double error = field_error(member, family.states(11, 1), family.derivatives(11, 1));
  return error < 0.3 ? 0 : 4;
}
