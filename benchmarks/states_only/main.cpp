// What training on states alone costs in accuracy: of a benchmark family with noise on its states, models trained on exact
// rates at these states, on the states alone (by integrals and by rollouts), and on rates by differences (numpy.gradient), each adapted to the ten unseen members
// from 50 noisy states and from 50 exact rates. Prints a line a way to train, between bars: family, noise in %, way, seed, and e_field, pooled,
// in hundredths, adapted from states and from rates.
// Usage: states_only FAMILY NOISE SEED [STEPS] [WAYS]; NOISE is in parts of each component's deviation, WAYS a regular expression
// of the ways to train that are tried.

#include <cstdio>
#include <cstdlib>
#include <regex>
#include <string>

#include "metriplex/metriplex.hpp"

using namespace metriplex;

namespace {

template <class S>
struct Networked {
  using Structure = Hamiltonian<S::dim>;
  using Nets = Mlp<Tanh, S::dim, 64, 64, 64, 1>;
};
template <class S>
  requires requires {
    S::entropies;
  }
struct Networked<S> {
  using Structure = Generic<S::dim, S::entropies>;
  using Nets =
      Networks<Mlp<Tanh, S::dim, 64, 64, 64, 1>, Mlp<Tanh, S::dim, 32, Structure::networks[1].outputs>>;
};
template <class S>
using Trained = Model<typename Networked<S>::Structure, typename Networked<S>::Nets, Svd<5>>;

/// Which samples of a motion there are: all, half of them at random, or every second (dt 0.41).
enum class Samples { all, half, second };

template <int Dim>
Motion<Dim> choose(const Motion<Dim>& motion, Samples which, Random& random) {
  std::vector<Index> kept;
  for (Index k = 0; k < motion.samples(); ++k)
    if (which == Samples::all || (which == Samples::half ? random.uniform(0, 1) < 0.5 : k % 2 == 0))
      kept.push_back(k);
  return motion.pick(kept);
}

/// Rates as numpy.gradient estimates them: second-order differences inside, of first order at the ends.
template <int Dim>
void differentiate(Motion<Dim>& motion) {
  const Index n = motion.samples();
  for (Index k = 0; k < n; ++k) {
    const Index a = std::max<Index>(k - 1, 0), b = std::min(k + 1, n - 1);
    motion.rates.col(k) = (motion.states.col(b) - motion.states.col(a)) / (motion.times[b] - motion.times[a]);
  }
}

template <class S>
class Experiment {
  static constexpr int dim = S::dim;
  using M = Trained<S>;

 public:
  Experiment(double noise, Index steps, const char* ways) : noise_(noise), steps_(steps), ways_(ways) {
    const TaskSet<dim> all = load_task_set<dim>("benchmarks/data/" + std::string(S::name) + ".npz");
    std::tie(training_, unseen_) = all.split(70);
    deviation_ = noise * state_deviations(Recordings<dim>(training_));
  }

  void run(std::uint64_t seed) {
    Recordings<dim> noisy(training_);
    Random random(100 + seed);
    for (auto& member : noisy.members)
      for (auto& motion : member.motions) disturb(motion.states, random);
    row<RateLoss>("exact rates", seed, noisy);
    row<IntegralLoss>("states alone", seed, noisy);
    row<RolloutLoss>("states alone, rollout", seed, noisy);
    if (noise_ == 0) return;
    Recordings<dim> other = noisy;
    for (auto& member : other.members)
      for (auto& motion : member.motions) differentiate(motion);
    row<RateLoss>("differences", seed, other);
    for (const auto& [which, name] : {std::pair{Samples::half, "states alone, half of them"},
                                      std::pair{Samples::second, "states alone, every second"}}) {
      other = noisy;
      for (auto& member : other.members)
        for (auto& motion : member.motions) motion = choose(motion, which, random);
      row<IntegralLoss>(name, seed, other);
      row<RolloutLoss>((name + std::string(", rollout")).c_str(), seed, other);
    }
  }

 private:
  void disturb(Matrix<double, dim>& states, Random& random) const {
    for (Index k = 0; k < states.cols(); ++k)
      for (int i = 0; i < dim; ++i) states(i, k) += deviation_[i] * random.normal();
  }

  template <template <class> class Loss>
  void row(const char* name, std::uint64_t seed, const Recordings<dim>& family) {
    if (!std::regex_match(name, ways_)) return;
    M model(4);
    AutoDecoder<M, Soap, CosineSchedule, Loss>(model, family, {.steps = steps_, .seed = seed}).run();
    LatentFit<M> by_rates(model), by_states(model, {.noise = std::max(noise_, 1e-3)});
    double from_states = 0, from_rates = 0;
    const double share = 100.0 / static_cast<double>(unseen_.tasks.size());
    Random random(7);
    for (std::size_t i = 0; i < unseen_.tasks.size(); ++i) {
      const auto error = [&](const auto& fit) {
        return share * field_errors<S>(model.bind(fit.z()), unseen_.tasks[i].mu).pooled;
      };
      Motion<dim> seen{unseen_.times, unseen_.states(i, 0)};
      by_rates.fit(seen.states, unseen_.derivatives(i, 0));
      from_rates += error(by_rates);
      disturb(seen.states, random);
      by_states.fit(seen);
      from_states += error(by_states);
    }
    std::printf("%s|%g|%s|%d|%.3f|%.3f\n", std::string(S::name).c_str(), 100 * noise_, name,
                static_cast<int>(seed), from_states, from_rates);
    std::fflush(stdout);
  }

  double noise_;
  Index steps_;
  std::regex ways_;
  TaskSet<dim> training_, unseen_;
  Vector<double, dim> deviation_;
};

}  // namespace

int main(int argc, char** argv) try {
  require(argc >= 4, "expected states_only FAMILY NOISE SEED [STEPS] [WAYS], got fewer words");
  visit_system(argv[1], [&]<class S>() {
    if constexpr (S::dim <= 4 && (S::dim < 4 || requires { S::entropies; })) {
      Experiment<S> experiment(std::atof(argv[2]), argc > 4 ? std::atoi(argv[4]) : 2000,
                               argc > 5 ? argv[5] : ".*");
      experiment.run(static_cast<std::uint64_t>(std::atoi(argv[3])));
    }
  });
} catch (const std::exception& error) {
  std::fprintf(stderr, "states_only: %s\n", error.what());
  return 1;
}
