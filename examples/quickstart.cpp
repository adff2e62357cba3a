// Learns a family of pendulums, identifies an unseen one from three measurements, and simulates it.
#include <cstdio>

#include "metriplex/adapt/adapt.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"

using namespace metriplex;

int main() {
  // Twenty-four pendulums to learn from, and one of another mass and length that nobody has seen.
  const auto [training, unseen] = sample_family<Pendulum>({.members = 25}).split(24);

  // One network is the energy of them all; a latent of 3 numbers tells one pendulum from another.
  Model<Hamiltonian<2>, Mlp<Tanh, 2, 32, 32, 1>, Svd<4>> model(/*latent=*/3);
  AutoDecoder(model, training, {.steps = 1000}).run();

  // Three measurements (x, dx/dt) are enough to find the latent of the unseen one.
  const Matrix<double, 2> x = unseen.states(0, 0)(Eigen::seq(0, 1), Eigen::seq(0, 10, 5));
  const Matrix<double, 2> dx = unseen.derivatives(0, 0)(Eigen::seq(0, 1), Eigen::seq(0, 10, 5));
  const auto pendulum = model.bind(adapt(model, x, dx).z);
  std::printf("field error on the unseen pendulum: %.1f %%\n",
              100 * e_field<Pendulum>(pendulum, unseen.tasks[0].mu));

  // A plain vector field from here on: ten minutes of swinging, and the energy stays.
  Vector<double, 2> state(1.0, 0.0);
  const double before = pendulum.energy(state);
  for (int step = 0; step < 6000; ++step)
    if (ImplicitMidpoint{}.step(pendulum, state, 0.1) != StepStatus::ok) return 1;
  std::printf("energy after 6000 steps: %.4f of what it was swinging with\n",
              (pendulum.energy(state) - pendulum.energy({0, 0})) / (before - pendulum.energy({0, 0})));
}
