// Inputs that are held from sample to sample, through training on rates and on states alone, adaptation and prediction.

#include "metriplex/structure/driven.hpp"

#include "metriplex/adapt/fit_start.hpp"
#include "metriplex/adapt/latent_fit.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"
#include "metriplex/train/rollout_loss.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// A mass on a spring that a force pushes: q̇ = p/m, ṗ = −q + u.
struct PushedSpring {
  static constexpr std::string_view name = "pushed_spring";
  static constexpr int dim = 3, parameters = 1, inputs = 1;
  static constexpr Box<1> parameter_box{{0.5}, {1.5}};
  static constexpr Box<3> initial_box{{-1, -1, -2}, {1, 1, 2}};

  template <class T>
  static void rate(const Vector<T, 3>& x, const Vector<double, 1>& mu, Vector<T, 3>& dx) {
    dx(0) = x(1) / mu(0);
    dx(1) = x(2) - x(0);
    dx(2) = T(0);
  }
};

using Net = Networks<Mlp<Tanh, 2, 12, 1>, Constants<1>, Constants<1>>;
using Small = Model<Driven<PortHamiltonian<2>>, Net, Shift>;

TaskSet<3> family() {
  return sample_family<PushedSpring>(
      {.members = 12, .trajectories = 3, .times = Vector<double>::LinSpaced(21, 0, 8)});
}

Recordings<3> states_of(const TaskSet<3>& set) {
  Recordings<3> recordings(set);
  for (auto& member : recordings.members)
    for (auto& motion : member.motions) motion.rates.resize(3, 0);
  return recordings;
}

/// Adapts to an unseen member from the states of its first motion, and measures.
void check_unseen(const Small& model, const TaskSet<3>& unseen, double tolerance) {
  LatentFit<Small> fit(model);
  for (std::size_t member = 0; member < unseen.tasks.size(); ++member) {
    const Motion<3> first{unseen.times, unseen.states(member, 0)};
    CHECK(fit.fit(first) != FitStatus::poor);
    const auto field = model.bind(fit.z());
    const Vector<double, 1> mu = unseen.tasks[member].mu;
    CHECK(e_field<PushedSpring>(field, mu) < tolerance);
    CHECK(e_traj(field, unseen, member) < 2 * tolerance);
    const auto errors = trajectory_errors(field, unseen, member);
    CHECK(std::isnan(errors.component[2]));  // what is given is no prediction
  }
}

}  // namespace

TEMPLATE_TEST_CASE(
    "a driven family is learned from rates, and from states alone whose inputs jump at every sample",
    "[train][driven]", RateLoss<Small::Bound>, RolloutLoss<Small::Bound>) {
  constexpr bool rates = std::is_same_v<TestType, RateLoss<Small::Bound>>;
  const auto [seen, unseen] = family().split(10);
  Small model(1);
  using Trainer =
      std::conditional_t<rates, AutoDecoder<Small>, AutoDecoder<Small, Soap, CosineSchedule, RolloutLoss>>;
  typename Trainer::Options options;
  options.steps = 1000;
  if constexpr (!rates) {
    options.loss.noise = Vector<double>::Zero(3);
    options.loss.substeps = 2;  // enough for a spring; jumps of the input look like ten times as many
  }
  Trainer trainer(model, rates ? Recordings<3>(seen) : states_of(seen), options);
  trainer.run();
  check_unseen(model, unseen, 0.02);
}
