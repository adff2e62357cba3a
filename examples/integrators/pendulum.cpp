#include <array>

#include "coupling.hpp"
#include "experiments.hpp"
#include "jobs.hpp"
#include "schemes.hpp"

namespace metriplex::show {
namespace {

using State = Vector<double, 2>;

const State& start() {
  static const State state(1.5, 0.0);
  return state;
}

/// Calls visit(field): the pendulum learned as T(p) + V(q) for what steps nothing else, else as H(q, p).
template <class Integrator, class Visit>
auto with_field(const Scheme<Integrator>&, const LearnedPendulum& pendulum, Visit&& visit) {
  if constexpr (Steps<Integrator, LearnedPendulum::Whole>)
    return visit(pendulum.whole);
  else
    return visit(pendulum.split);
}

/// The error of the energy relative to that of the swing, above the lowest point.
template <class Field>
auto energy_error(const Field& field) {
  const double before = field.energy(start()), swing = before - field.energy({0, 0});
  return [&field, before, swing](const State& x) { return std::array{(field.energy(x) - before) / swing}; };
}

template <class Integrator>
LongRun run(const Scheme<Integrator>& scheme, const LearnedPendulum& pendulum, const RunOptions& options) {
  return with_field(scheme, pendulum, [&](const auto& field) {
    return long_run(scheme, field, start(), options, energy_error(field));
  });
}

/// Calls visit(scheme) for the schemes that step a learned pendulum; one asks for a kinetic energy that is quadratic.
template <class Visit>
void for_each_pendulum_scheme(Visit&& visit) {
  for_each_scheme([&]<class Integrator>(const Scheme<Integrator>& scheme) {
    if constexpr (Steps<Integrator, LearnedPendulum::Whole> || Steps<Integrator, LearnedPendulum::Split>)
      visit(scheme);
  });
}

constexpr double end_of_work = 20;

template <class Field>
State reached(const Field& field) {
  State x = start();
  for (int i = 0; i < 4000; ++i) CooperVerner8{}.step(field, x, end_of_work / 4000);
  return x;
}

}  // namespace

std::vector<LongRun> pendulum_runs(const LearnedPendulum& pendulum, const Request& request) {
  Jobs<LongRun> jobs("learned pendulum, " + std::to_string(request.steps) + " steps");
  for_each_pendulum_scheme([&](const auto& scheme) {
    jobs.add(scheme.name, [&, scheme] {
      return run(scheme, pendulum, {request.dt, request.steps, request.coupling});
    });
  });
  return jobs.run();
}

std::vector<Work> pendulum_work(const LearnedPendulum& pendulum, const Request& request) {
  const State whole = reached(pendulum.whole), split = reached(pendulum.split);
  const WorkOptions options{.end = end_of_work,
                            .evaluations = request.most_evaluations,
                            .smallest = pendulum_floor,
                            .coupling = request.coupling,
                            .steps = 40};
  Jobs<Work> jobs("learned pendulum, error and work");
  for_each_pendulum_scheme([&](const auto& scheme) {
    jobs.add(scheme.name, [&, scheme] {
      return with_field(scheme, pendulum, [&]<class Field>(const Field& field) {
        const bool is_whole = std::is_same_v<Field, LearnedPendulum::Whole>;
        return work(scheme, field, start(), is_whole ? whole : split, options);
      });
    });
  });
  jobs.add("AdaptiveDormandPrince", [&] { return adaptive_work(pendulum.whole, start(), whole, options); });
  return jobs.run();
}

std::vector<Sweep> pendulum_couplings(const LearnedPendulum& pendulum, const Request& request) {
  return sweep_couplings("learned pendulum", pendulum.whole, start(), request.dt,
                         std::max<Index>(1, request.steps / 10), energy_error(pendulum.whole));
}

}  // namespace metriplex::show
