// Prints what a training step, the field at one state and an adaptation take, in microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <metriplex/adapt/adapt.hpp>
#include <metriplex/data/sample_family.hpp>
#include <metriplex/modulation/svd.hpp>
#include <metriplex/structure/hamiltonian.hpp>
#include <metriplex/systems/pendulum.hpp>
#include <metriplex/train/auto_decoder.hpp>

using namespace metriplex;

namespace {

/// The least of so many repetitions, a run.
template <class Run>
double microseconds(int repetitions, int runs, Run&& run) {
  double least = 1e300;
  for (int k = 0; k < repetitions; ++k) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < runs; ++i) run();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    least = std::min(least, took.count() / runs);
  }
  return least;
}

}  // namespace

int main() {
  const auto family = sample_family<Pendulum>({.members = 78}).split(70);
  const TaskSet<2>&training = family.first, &unseen = family.second;
  Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Svd<5>> model(4);
  AutoDecoder trainer(model, training, {.steps = 250, .points = 64});
  const double step = microseconds(50, 5, [&] { trainer.step(); });

  const auto member = model.bind(Vector<double>::Zero(4));
  Vector<double, 2> state(1, 0), rate;
  const double field = microseconds(50, 2000, [&] {
    member(state, rate);
    state += 1e-9 * rate;  // each waits for the one before
  });

  int iterations = 0;  // how many there are depends on rounding
  const double fit = microseconds(5, 1, [&] {
    iterations = 0;
    for (std::size_t k = 0; k < unseen.tasks.size(); ++k)
      iterations += adapt(model, unseen.states(k, 0), unseen.derivatives(k, 0)).iterations;
  });
  std::printf("%g %g %g\n", step, field, fit / iterations);
}
