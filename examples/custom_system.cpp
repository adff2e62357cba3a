// A system of one's own is its energy: everything else (field, data, training, adaptation) follows.
#include <cmath>
#include <cstdio>

#include "metriplex/adapt/adapt.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"

using namespace metriplex;

/// A bead on a rotating hoop (radius and gravity 1): q the angle from the bottom, Ω the speed of the hoop. Beyond
/// Ω = 1 the bottom is no longer where the bead rests.
struct BeadOnHoop {
  static constexpr std::string_view name = "bead_on_hoop";
  static constexpr int dim = 2, parameters = 2;
  static constexpr Box<2> parameter_box{{0.5, 0.6}, {1.5, 1.6}};  // mass, Ω
  static constexpr Box<2> initial_box{{-1.5, -0.8}, {1.5, 0.8}};  // q, p

  template <class T>
  static T energy(const Vector<T, 2>& x, const Vector<double, 2>& mu) {
    using std::cos, std::sin;
    const double m = mu[0], speed = mu[1];
    return x[1] * x[1] / (2 * m) - m * cos(x[0]) - 0.5 * m * speed * speed * sin(x[0]) * sin(x[0]);
  }
};

int main() {
  const auto [training, unseen] = sample_family<BeadOnHoop>({.members = 34}).split(30);
  Model<Hamiltonian<2>, Mlp<Tanh, 2, 32, 32, 1>, LowRank<3>> model(4);
  AutoDecoder(model, training, {.steps = 1000}).run();

  std::printf("unseen member (m, speed)   field error   trajectory error\n");
  for (std::size_t i = 0; i < unseen.tasks.size(); ++i) {
    const auto found = adapt(model, unseen.states(i, 0), unseen.derivatives(i, 0));
    const auto bead = model.bind(found.z);
    const auto& mu = unseen.tasks[i].mu;
    std::printf("%.2f %.2f %29.1f %% %16.1f %%\n", mu[0], mu[1], 100 * e_field<BeadOnHoop>(bead, mu),
                100 * e_traj(bead, unseen, i));
  }
}
