#include <array>

#include "coupling.hpp"
#include "experiments.hpp"
#include "jobs.hpp"
#include "kepler.hpp"
#include "schemes.hpp"

namespace metriplex::show {

namespace {

constexpr Kepler field;

/// The errors of energy and angular momentum, relative.
std::array<double, 2> errors(const Kepler::State& x) {
  static const Kepler::State start = Kepler::exact(0, kepler_eccentricity);
  static const double energy = Kepler::energy(start), momentum = Kepler::angular_momentum(start);
  return {(Kepler::energy(x) - energy) / std::abs(energy),
          (Kepler::angular_momentum(x) - momentum) / momentum};
}

double step_of(const Request& request) {
  return Kepler::period / static_cast<double>(request.steps_per_period);
}

}  // namespace

std::vector<LongRun> kepler_runs(const Request& request) {
  const Kepler::State start = Kepler::exact(0, kepler_eccentricity);
  const RunOptions options{step_of(request), request.periods * request.steps_per_period,
                           request.kepler_coupling};
  Jobs<LongRun> jobs("two bodies, " + std::to_string(request.periods) + " periods");
  for_each_scheme([&](const auto& scheme) {
    jobs.add(scheme.name, [&, scheme] { return long_run(scheme, field, start, options, errors); });
  });
  return jobs.run();
}

std::vector<Work> kepler_work(const Request& request) {
  // Not at the end of a period, where the errors of some schemes cancel.
  const WorkOptions options{.end = 20,
                            .evaluations = 10 * request.most_evaluations,
                            .smallest = kepler_floor,
                            .coupling = request.kepler_coupling,
                            .steps = 80};
  const Kepler::State start = Kepler::exact(0, kepler_eccentricity),
                      reached = Kepler::exact(options.end, kepler_eccentricity);
  Jobs<Work> jobs("two bodies, error and work");
  for_each_scheme([&](const auto& scheme) {
    jobs.add(scheme.name, [&, scheme] { return work(scheme, field, start, reached, options); });
  });
  jobs.add("AdaptiveDormandPrince", [&] { return adaptive_work(field, start, reached, options); });
  return jobs.run();
}

std::vector<Sweep> kepler_couplings(const Request& request) {
  return sweep_couplings("two bodies", field, Kepler::exact(0, kepler_eccentricity), step_of(request),
                         std::max<Index>(1, request.periods / 10) * request.steps_per_period, errors);
}

}  // namespace metriplex::show
