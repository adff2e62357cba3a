// The real pendulum of Schmidt and Lipson (2009), learned from its states as Hamiltonian neural networks learned it (Greydanus et al.
// 2019): from the first 80 %, then predicted over the last 20 % from one measured state on. Prints a line a loss, between bars: the
// loss, the energy's mean squared error by their code, and, with the pendulum's own constant and units, the relative error of the energy and
// of the motion. Leaves each prediction in a file of the folder OUT: time, angle and energy measured, angle and energy predicted.
// Usage: real_pendulum FILE OUT [SEED]

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "metriplex/metriplex.hpp"

using namespace metriplex;

namespace {

/// Reads lines of trial, time, angle and angular velocity after a line of names.
Motion<2> read(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<double> numbers;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    for (double number; fields >> number;) numbers.push_back(number);
  }
  const auto count = static_cast<Index>(numbers.size() / 4);
  require(count == 556 && numbers.size() == 4 * 556,
          {"expected 556 lines of 4 numbers in ", path, ", got ", numbers.size(), " numbers"});
  const auto table = Matrix<double>::Map(numbers.data(), 4, count);
  return {table.row(1).transpose(), table.bottomRows(2)};
}

double energy(double constant, const Vector<double, 2>& x) {
  return constant * (1 - std::cos(x[0])) + x[1] * x[1];
}

/// The constant k of v² + k (1 − cos q) that goes with q' = v: twice what v' = −k/2 sin q says, by integrals along the training samples.
double fit_constant(const Motion<2>& motion, Index samples) {
  double product = 0, square = 0;
  for (Index k = 0; k + 1 < samples; ++k) {
    const IntervalIntegral integral(motion.times.data(), samples, k);
    double turn = 0;
    for (Index j = 0; j < integral.count; ++j)
      turn += integral.weights[static_cast<std::size_t>(j)] * std::sin(motion.states(0, integral.first + j));
    product -= turn * (motion.states(1, k + 1) - motion.states(1, k));
    square += turn * turn;
  }
  return 2 * product / square;
}

constexpr Index train = 444, test = 110;  // of the 555 samples that have a next one, as their split has it

template <class Model, template <class> class Loss>
void row(const char* name, const Motion<2>& motion, double constant, std::uint64_t seed,
         const char* prediction) {
  std::vector<Index> first(train), last(test);
  for (Index k = 0; k < train; ++k) first[static_cast<std::size_t>(k)] = k;
  for (Index k = 0; k < test; ++k) last[static_cast<std::size_t>(k)] = train + k;
  const Motion<2> seen = motion.pick(first), unseen = motion.pick(last);
  Model model(1);
  AutoDecoder<Model, Soap, CosineSchedule, Loss>(model, Recordings<2>({{.motions = {seen}}}),
                                                 {.steps = 1000, .points = 160, .seed = seed})
      .run();
  const auto learned = model.bind(model.latents().col(0));
  const auto run = rollout(learned, Rk4{}, Vector<double, 2>(unseen.states.col(0)), unseen.times, 8);
  require(run.completed == test, {"expected a prediction of ", test, " samples, got ", run.completed});
  double published = 0, relative = 0, size = 0, apart = 0, length = 0;
  std::ofstream out(prediction);
  for (Index k = 0; k < test; ++k) {
    const Vector<double, 2> x = unseen.states.col(k), predicted = run.states.col(k);
    published += std::pow(energy(2.4, x) - energy(2.4, predicted), 2) / test;
    relative += std::pow(energy(constant, x) - energy(constant, predicted), 2);
    size += std::pow(energy(constant, x), 2);
    apart += (x - predicted).squaredNorm();
    length += x.squaredNorm();
    out << unseen.times[k] << ' ' << x[0] << ' ' << energy(constant, x) / 2 << ' ' << predicted[0] << ' '
        << energy(constant, predicted) / 2 << '\n';
  }
  std::printf("| %s | %.1e | %.1f %% | %.1f %% |\n", name, published, 100 * std::sqrt(relative / size),
              100 * std::sqrt(apart / length));
}

using Conservative = Model<Hamiltonian<2>, Mlp<Tanh, 2, 32, 32, 1>, None>;
using Resisted = Model<PortHamiltonian<2>, Networks<Mlp<Tanh, 2, 32, 32, 1>, Mlp<Tanh, 2, 16, 1>>, None>;
using Jointed = Model<Mechanical<1, true>,
                      Networks<Mlp<Tanh, 1, 32, 32, 1>, Mlp<Tanh, 1, 32, 32, 1>, Mlp<Tanh, 1, 16, 1>>, None>;

}  // namespace

int main(int argc, char** argv) try {
  require(argc >= 3, "expected real_pendulum FILE OUT [SEED], got fewer words");
  const Motion<2> motion = read(argv[1]);
  const auto seed = static_cast<std::uint64_t>(argc > 3 ? std::atoi(argv[3]) : 0);
  const double constant = fit_constant(motion, train);
  double held = 0;
  for (Index k = train; k < train + test; ++k)
    held += std::pow(energy(2.4, motion.states.col(k)) - energy(2.4, motion.states.col(train)), 2) / test;
  std::printf("k = %.3f; an energy that stays as it is at the start misses by %.1e\n", constant, held);
  const std::string out = argv[2];
  std::printf("| structure, loss | energy, mean square | energy, relative | motion |\n|---|---|---|---|\n");
  row<Conservative, IntegralLoss>("hamiltonian, integral", motion, constant, seed,
                                  (out + "/hamiltonian-integral.txt").c_str());
  row<Conservative, RolloutLoss>("hamiltonian, rollout", motion, constant, seed,
                                 (out + "/hamiltonian-rollout.txt").c_str());
  row<Resisted, IntegralLoss>("port-hamiltonian, integral", motion, constant, seed,
                              (out + "/port_hamiltonian-integral.txt").c_str());
  row<Resisted, RolloutLoss>("port-hamiltonian, rollout", motion, constant, seed,
                             (out + "/port_hamiltonian-rollout.txt").c_str());
  row<Jointed, IntegralLoss>("mechanical-damped, integral", motion, constant, seed,
                             (out + "/mechanical-integral.txt").c_str());
  row<Jointed, RolloutLoss>("mechanical-damped, rollout", motion, constant, seed,
                            (out + "/mechanical-rollout.txt").c_str());
} catch (const std::exception& error) {
  std::fprintf(stderr, "real_pendulum: %s\n", error.what());
  return 1;
}
