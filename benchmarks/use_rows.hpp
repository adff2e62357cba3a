#pragma once

#include <thread>

#include "metriplex/adapt/latent_estimator.hpp"
#include "metriplex/adapt/latent_fit.hpp"
#include "metriplex/integrate/batch_rollout.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/train/adapt_by_adam.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "train_row.hpp"

namespace metriplex::bench {

template <int Width>
using UseFamily = Family<Network<Width>, LowRank<5>, double>;

/// Trains for a moment, so that there are latents to start from.
template <class Family>
std::shared_ptr<Training<Family>> trained() {
  const auto training = std::make_shared<Training<Family>>(70, 64);
  for (int i = 0; i < 50; ++i) training->trainer.step();
  return training;
}

/// 500 steps of Adam on the latent alone.
template <class Family>
Row adam_row(std::string name, Index shots) {
  return {.name = std::move(name),
          .flops = step_flops<typename Family::Network> *
                   static_cast<double>(shots * (AdamAdaptOptions{}.steps + 1)),
          .scalar = "f64",
          .prepare = [=]() -> std::function<void()> {
            const Task<2> unseen = pendulums<2>(71, shots).tasks.back();
            return [=, training = trained<Family>()] { adapt_by_adam(training->model, unseen.x, unseen.dx); };
          }};
}

/// The same by least squares, on a model that has been trained long enough to explain the measurements: how many iterations
/// it takes depends on that.
template <class Family>
Row fit_row(std::string name, Index shots) {
  return {.name = std::move(name), .flops = 0, .scalar = "f64", .prepare = [=]() -> std::function<void()> {
            const Task<2> unseen = pendulums<2>(71, shots).tasks.back();
            const auto model = std::make_shared<Family>(latents);
            AutoDecoder<Family>(*model, pendulums<2>(70, 64), {.steps = 2000}).run();
            return [unseen, model, fit = std::make_shared<LatentFit<Family>>(*model)] {
              fit->fit(unseen.x, unseen.dx);
            };
          }};
}

/// One measurement that an estimator takes.
template <class Family>
Row estimate_row(std::string name) {
  return {.name = std::move(name), .flops = 0, .scalar = "f64", .prepare = [=]() -> std::function<void()> {
            const Task<2> unseen = pendulums<2>(71, 64).tasks.back();
            const auto training = trained<Family>();
            const auto estimator = std::make_shared<LatentEstimator<Family>>(
                training->model, Vector<double, 2>(0.1, 0.1), LatentEstimatorOptions{.memory = 0.98});
            return [unseen, training, estimator, k = Index{0}]() mutable {
              estimator->update(unseen.x.col(k), unseen.dx.col(k));
              k = (k + 1) % 64;
            };
          }};
}

/// A simulation; `evaluations` of the field a step, 0 where the integrator decides while it runs.
template <class Family, class Integrator>
Row rollout_row(std::string name, Index steps, int evaluations) {
  return {.name = std::move(name),
          .flops = evaluations * static_cast<double>(steps) * field_flops<typename Family::Network>,
          .scalar = "f64",
          .prepare = [=]() -> std::function<void()> {
            const Vector<double> times = Vector<double>::LinSpaced(steps + 1, 0.0, 0.1 * double(steps));
            const auto training = trained<Family>();
            return [=, field = training->model.bind(training->model.mean_latent())] {
              rollout(field, Integrator{}, Vector<double, 2>(1, 0.5), times);
            };
          }};
}

/// The same from many initial states at once, beside which field_batch/… is the field alone.
template <class Family, class Integrator>
Row batch_rollout_row(std::string name, Index states, Index steps, int evaluations) {
  return {.name = std::move(name),
          .flops = evaluations * static_cast<double>(steps * states) * field_flops<typename Family::Network>,
          .scalar = "f64",
          .prepare = [=]() -> std::function<void()> {
            const Vector<double> times = Vector<double>::LinSpaced(steps + 1, 0.0, 0.1 * double(steps));
            const Matrix<double, 2> x0 = pendulums<2>(1, states).tasks[0].x;
            const auto training = trained<Family>();
            return [=, field = training->model.bind(training->model.mean_latent())] {
              batch_rollout(field, Integrator{}, x0, times);
            };
          }};
}

/// Adds rows of what a model is used for: training on all cores, adaptation, simulation; and the memory of a
/// step.
template <int Width>
void add_use_rows(Plan& plan) {
  using Family = UseFamily<Width>;
  const std::string net = "f64/w" + std::to_string(Width);
  const std::string step = "train_step/" + net + "/mr/70x64";
  if (const auto cores = static_cast<int>(std::thread::hardware_concurrency()); cores > 1) {
    const std::string name = step + "/threads" + std::to_string(cores);
    plan.rows.push_back(train_row<Family>(name, 70, 64, cores));
    plan.comparisons.push_back({name, "one thread", step});
  }
  plan.rows.push_back(adam_row<Family>("adapt/adam/" + net + "/50", 50));
  plan.rows.push_back(fit_row<Family>("adapt/lm/" + net + "/50", 50));
  plan.rows.push_back(estimate_row<Family>("adapt/stream/" + net));
  plan.comparisons.push_back({"adapt/stream/" + net, "the field", "field/" + net});
  plan.rows.push_back(rollout_row<Family, Rk4>("rollout/rk4/" + net + "/1000", 1000, 4));
  plan.rows.push_back(
      rollout_row<Family, ImplicitMidpoint>("rollout/implicit_midpoint/" + net + "/1000", 1000, 0));
  plan.rows.push_back(batch_rollout_row<Family, Rk4>("rollout_batch/rk4/" + net + "/4096x10", 4096, 10, 4));
  for (const Index points : {1'000, 10'000, 100'000, 1'000'000})
    plan.rows.push_back(memory_row<Family>("memory/" + net + "/mr/2x" + std::to_string(points), 2, points));
}

}  // namespace metriplex::bench
