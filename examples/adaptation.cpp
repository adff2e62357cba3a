// Measures what adaptation promises of trained pendulums: what covers the truth, what raises the flag, what states alone are
// worth. Members are fresh ones, drawn as the benchmark's were, from another seed.
//
// Usage: adaptation MODEL.safetensors..., each written by `meta_train --system pendulum --modulation svd`.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "metriplex/adapt/adapt.hpp"
#include "metriplex/adapt/latent_estimator.hpp"
#include "metriplex/adapt/uncertainty.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/io/model_file.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/systems/duffing.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "metriplex/systems/sample_system.hpp"
#include "metriplex/train/metrics.hpp"

using namespace metriplex;
using PendulumModel = Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Svd<5>>;
using Point = Vector<double, 2>;

namespace {

constexpr std::uint64_t fresh = 77;  // a seed that nothing was trained on

/// Root mean square of each component.
Point sizes(const Matrix<double, 2>& values) {
  return (values.rowwise().squaredNorm() / static_cast<double>(values.cols())).cwiseSqrt();
}

Matrix<double, 2> noisy(const Matrix<double, 2>& values, const Point& deviation, Random& random) {
  Matrix<double, 2> result = values;
  for (Index k = 0; k < values.cols(); ++k)
    for (int i = 0; i < 2; ++i) result(i, k) += deviation[i] * random.normal();
  return result;
}

/// How often the 95 % region of the field at a random state holds the truth.
double coverage(const PendulumModel& model, Index shots, double noise) {
  constexpr int trials = 500;
  const auto members = sample_family<Pendulum>({.members = trials, .trajectories = 1, .seed = fresh});
  Random random(1);
  LatentFit<PendulumModel> fit(model, {.noise = noise});
  Uncertainty<PendulumModel> uncertainty(model);
  int covered = 0;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    const auto& task = members.tasks[trial];
    Matrix<double, 2> x(2, shots), dx(2, shots);
    for (Index k = 0; k < shots; ++k) {
      const auto from = static_cast<Index>(random.uniform(0, static_cast<double>(task.x.cols())));
      x.col(k) = task.x.col(from);
      dx.col(k) = task.dx.col(from);
    }
    const double size = std::sqrt(dx.squaredNorm() / static_cast<double>(dx.size()));
    fit.fit(x, noisy(dx, Point::Constant(noise * size), random));
    uncertainty.condition(fit.z(), fit.covariance());
    const auto exact = exact_field<Pendulum>(task.mu);
    const Point at = sample_box(Pendulum::initial_box, random);
    Point truth;
    exact(at, truth);
    covered += uncertainty.covers(at, truth, 0.95);
  }
  return covered / double(trials);
}

/// How many members of a system raise the flag within 50 measurements along a motion.
template <class S>
double flagged(const PendulumModel& model, double noise, int members) {
  const auto family = sample_family<S>({.members = members, .trajectories = 1, .seed = fresh});
  Random random(2);
  int flags = 0;
  for (const auto& task : family.tasks) {
    const Point deviation = noise * sizes(task.dx);
    LatentEstimator<PendulumModel> estimator(model, deviation);
    bool raised = false;
    for (Index k = 0; k < 50 && !raised; ++k) {
      estimator.update(task.x.col(k), noisy(task.dx.col(k), deviation, random));
      raised = estimator.out_of_family();
    }
    flags += raised;
  }
  return flags / double(members);
}

/// How many measurements it takes until a stream recognises that one pendulum has become another, in the median and for nine in
/// ten of a hundred pairs whose rates differ by so many deviations of what is expected of a measurement.
struct Recognised {
  Index median, most;
};
Recognised recognised(const PendulumModel& model, double noise, double least, double most) {
  const auto family = sample_family<Pendulum>({.members = 400, .trajectories = 1, .seed = fresh});
  Random random(4);
  std::vector<Index> delays;
  while (delays.size() < 100) {
    const auto any = [&]() -> const auto& {
      return family.tasks[static_cast<std::size_t>(random.uniform(0, 400))];
    };
    const auto &before = any(), &after = any();
    const Point deviation = noise * sizes(before.dx);
    const auto exact = exact_field<Pendulum>(before.mu);
    Matrix<double, 2> change = after.dx;
    for (Index k = 0; k < change.cols(); ++k) {
      Point rate;
      exact(after.x.col(k), rate);
      for (int i = 0; i < 2; ++i)
        change(i, k) = (change(i, k) - rate[i]) / std::hypot(deviation[i], 4 * model.scaling().rate_error[i]);
    }
    const double size = std::sqrt(change.squaredNorm() / static_cast<double>(change.size()));
    if (size < least || size > most) continue;
    LatentEstimator<PendulumModel> estimator(model, deviation);
    const auto feed = [&](const auto& task, Index k) {
      k %= task.x.cols();
      estimator.update(task.x.col(k), noisy(task.dx.col(k), deviation, random));
    };
    for (Index k = 0; k < 600; ++k) feed(before, k);
    const Index changes = estimator.changes();
    Index count = 0;
    while (estimator.changes() == changes && count < 1000) feed(after, count++);
    delays.push_back(count);
  }
  std::sort(delays.begin(), delays.end());
  return {delays[50], delays[90]};
}

/// What a stream of 1000 measurements makes of a share of them that is off by 10 to 200 deviations: restarts, measurements with the flag
/// up, and the field error at its end, a pendulum.
struct Disturbed {
  double changes = 0, flagged = 0, error = 0;
};
Disturbed disturbed(const PendulumModel& model, double noise, double share) {
  constexpr int members = 50;
  const auto family = sample_family<Pendulum>({.members = members, .trajectories = 1, .seed = fresh});
  Random random(5);
  Disturbed total;
  for (const auto& task : family.tasks) {
    const Point deviation = noise * sizes(task.dx);
    LatentEstimator<PendulumModel> estimator(model, deviation);
    for (Index k = 0; k < 1000; ++k) {
      Point dx = noisy(task.dx.col(k % task.x.cols()), deviation, random);
      if (random.uniform(0, 1) < share)
        dx[k % 2] += (random.uniform(0, 1) < 0.5 ? -1 : 1) * random.uniform(10, 200) * deviation[k % 2];
      estimator.update(task.x.col(k % task.x.cols()), dx);
      total.flagged += estimator.out_of_family() / double(members);
    }
    total.changes += static_cast<double>(estimator.changes()) / members;
    total.error += e_field<Pendulum>(estimator.member(), task.mu) / members;
  }
  return total;
}

/// Field errors of adaptation from rates and from states, 20 samples at dt = 0.2 with noise relative to their sizes.
struct Compared {
  double rates = 0, states = 0;
};
Compared states_only(const PendulumModel& model, double noise, int members) {
  const Vector<double> times = Vector<double>::LinSpaced(20, 0, 3.8);
  const auto family =
      sample_family<Pendulum>({.members = members, .trajectories = 1, .times = times, .seed = fresh});
  Random random(3);
  Compared total;
  LatentFit<PendulumModel> fit(model, {.noise = noise});
  for (const auto& task : family.tasks) {
    const Point spread = model.scaling().inverse_scale.cwiseInverse();
    fit.fit(task.x, noisy(task.dx, noise * sizes(task.dx), random));
    total.rates += e_field<Pendulum>(model.bind(fit.z()), task.mu) / members;
    fit.fit(Motion<2>{times, noisy(task.x, noise * spread, random)});
    total.states += e_field<Pendulum>(model.bind(fit.z()), task.mu) / members;
  }
  return total;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) throw Error("expected model files that meta_train wrote, got none");
  for (int i = 1; i < argc; ++i) {
    const auto model = load_model<PendulumModel>(argv[i]);
    std::printf("%s\n", argv[i]);
    for (const double noise : {0.02, 0.05, 0.1})
      for (const Index shots : {3, 10, 50})
        std::printf("  truth within the 95 %% region, %2td measurements, noise %2.0f %%: %5.1f %% of 500\n",
                    shots, 100 * noise, 100 * coverage(model, shots, noise));
    for (const double noise : {0.01, 0.05})
      std::printf(
          "  flag within 50 measurements, noise %.0f %%: %.1f %% of 1000 pendulums, %.1f %% of 1000 Duffing "
          "oscillators\n",
          100 * noise, 100 * flagged<Pendulum>(model, noise, 1000),
          100 * flagged<Duffing>(model, noise, 1000));
    for (const double size : {1.0, 2.0, 4.0, 8.0, 16.0}) {
      const Recognised change = recognised(model, 0.05, size, 2 * size);
      std::printf(
          "  a change of %2.0f to %2.0f deviations is recognised after %td measurements, 9 in 10 after %td\n",
          size, 2 * size, change.median, change.most);
    }
    for (const double share : {0.0, 0.01, 0.05}) {
      const Disturbed stream = disturbed(model, 0.05, share);
      std::printf(
          "  1000 measurements, %.0f %% of them outliers: %.2f changes, %.1f with the flag up, e_field "
          "%.4f\n",
          100 * share, stream.changes, stream.flagged, stream.error);
    }
    const Compared compared = states_only(model, 0.01, 100);
    std::printf(
        "  e_field from 20 noisy samples (1 %%): %.4f with rates, %.4f with states alone, %.2f times\n",
        compared.rates, compared.states, compared.states / compared.rates);
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "adaptation: %s\n", error.what());
  return 1;
}
