// What a state's size costs: a chain of METRIPLEX_MASSES masses, separable, learned by METRIPLEX_NETS. Prints between bars: components,
// parameters of the networks, nanoseconds of the field at one state, milliseconds of a training step (70 systems x 64 points).

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "metriplex/data/sample_family.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/nn/shared.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "metriplex/systems/fput_chain.hpp"
#include "metriplex/train/auto_decoder.hpp"

using namespace metriplex;

namespace {

constexpr int masses = METRIPLEX_MASSES, dim = 2 * masses;
using Dense = Mlp<Tanh, masses, 64, 64, 64, 1>;
using Small = Mlp<Tanh, 1, 16, 16, 1>;
using Springs = Networks<Shared<Small, Chain<masses>>, Shared<Small, Sites<masses>>>;
using Family = FputChain<masses>;
using M = Model<SeparableHamiltonian<dim>, METRIPLEX_NETS, Svd<5>>;

/// The shortest of several timings of work(), in seconds.
template <class Work>
double shortest(int times, Work&& work) {
  double least = 1e9;
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return least;
}

}  // namespace

int main() {
  FamilyOptions options;
  options.members = 70;
  options.trajectories = 2;
  M model(4);
  AutoDecoder<M> trainer(model, Recordings<dim>(sample_family<Family>(options)),
                         {.steps = 1000, .points = 64});
  const double step = shortest(10, [&] { trainer.step(); });
  const auto member = model.bind(model.mean_latent());
  Vector<double, dim> x = Vector<double, dim>::Constant(0.1), rate;
  constexpr int fields = 200;
  const double field = shortest(50, [&] {
    for (int i = 0; i < fields; ++i) {
      member(x, rate);
      x += 1e-9 * rate;
    }
  });
  const int parameters =
      sum_over_networks<M::Structure, M::Network>([]<class Net>() { return Net::parameters(); });
  std::printf("| %d | %d | %.0f | %.1f |\n", dim, parameters, 1e9 * field / fields, 1e3 * step);
}
