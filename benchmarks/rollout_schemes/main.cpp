// What the scheme of rollouts is worth where samples are coarse: pendulums learned from states alone by each scheme, then predicted for
// 200 s from a measured state on, by the steps that they were learned with and by fine ones. Prints a row of docs/data.md's table a
// scheme: steps from sample to sample, time between samples, scheme, error of the fields, of both predictions relative to the motions'
// size, worst error of the energy relative to its start's spread, and minutes of training. Means of ten members.
// Usage: rollout_schemes [STEPS, 1000 unless given] [EVERY, 2: which samples are kept] [SEED]

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "metriplex/metriplex.hpp"

using namespace metriplex;

namespace {

using Pendulums = Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Svd<5>>;
using State = Vector<double, 2>;

template <class Field>
void step(RolloutScheme scheme, const Field& field, State& x, double length, int steps) {
  const auto by = [&](const auto& integrator) {
    for (int s = 0; s < steps; ++s)
      require(integrator.step(field, x, length / steps) == StepStatus::ok, "a step of a prediction failed");
  };
  switch (scheme) {
    case RolloutScheme::rk4:
      return by(Rk4{});
    case RolloutScheme::implicit_midpoint:
      return by(GaussLegendre<1>{});
    case RolloutScheme::gauss_legendre4:
      return by(GaussLegendre<2>{});
    case RolloutScheme::gauss_legendre6:
      return by(GaussLegendre<3>{});
  }
}

void row(const Recordings<2>& family, RolloutScheme scheme, int substeps, Index steps, std::uint64_t seed) {
  Pendulums model(4);
  AutoDecoder<Pendulums, Soap, CosineSchedule, RolloutLoss> trainer(
      model, family, {.steps = steps, .loss = {.substeps = substeps, .scheme = scheme}, .seed = seed});
  const auto start = std::chrono::steady_clock::now();
  trainer.run();
  const std::chrono::duration<double, std::ratio<60>> minutes = std::chrono::steady_clock::now() - start;
  constexpr int members = 10, fine = 20;
  constexpr double horizon = 200;
  double e_field = 0, same = 0, finer = 0, size = 0, energy = 0;
  for (int j = 0; j < members; ++j) {
    const Member<2>& member = family.members[static_cast<std::size_t>(j)];
    const auto learned = model.bind(model.latents().col(j));
    const auto exact = exact_field<Pendulum>(member.mu);
    e_field += 100.0 / members * field_errors<Pendulum>(learned, member.mu).pooled;
    const Motion<2>& motion = member.motions[0];
    const double length = motion.times[1] - motion.times[0];
    State truth = motion.states.col(0), by_same = truth, by_fine = truth;
    const double before = exact.energy(truth), depth = before - exact.energy(State::Zero());
    for (int k = 0; k * length < horizon; ++k) {
      step(RolloutScheme::gauss_legendre6, exact, truth, length, fine);
      step(RolloutScheme::gauss_legendre6, learned, by_fine, length, fine);
      step(scheme, learned, by_same, length, substeps);
      same += (by_same - truth).squaredNorm(), finer += (by_fine - truth).squaredNorm();
      size += truth.squaredNorm();
      energy = std::max(energy, std::abs(exact.energy(by_same) - before) / depth);
    }
  }
  std::printf("| %s | %d | %.2f %% | %.1f %% | %.1f %% | %.1f %% | %.1f |\n",
              std::string(traits_of(scheme).name).c_str(), substeps, e_field, 100 * std::sqrt(same / size),
              100 * energy, 100 * std::sqrt(finer / size), minutes.count());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  const Index steps = argc > 1 ? std::atoi(argv[1]) : 1000, every = argc > 2 ? std::atoi(argv[2]) : 2;
  const auto seed = static_cast<std::uint64_t>(argc > 3 ? std::atoi(argv[3]) : 0);
  require(steps > 0 && every > 0, "expected rollout_schemes [STEPS] [EVERY] [SEED], got others");
  Recordings<2> family(load_task_set<2>("benchmarks/data/pendulum.npz").split(70).first);
  for (auto& member : family.members)
    for (auto& motion : member.motions) {
      std::vector<Index> kept;
      for (Index k = 0; k < motion.samples(); k += every) kept.push_back(k);
      motion = motion.pick(kept);
    }
  std::printf(
      "| scheme | steps | e_field | 200 s by these steps | their energy, at worst | 200 s by fine steps | "
      "minutes |\n|---|---|---|---|---|---|---|\n");
  for (const int substeps : {1, 2})
    for (const auto scheme :
         {RolloutScheme::rk4, RolloutScheme::implicit_midpoint, RolloutScheme::gauss_legendre4})
      row(family, scheme, substeps, steps, seed);
} catch (const std::exception& error) {
  std::fprintf(stderr, "rollout_schemes: %s\n", error.what());
  return 1;
}
