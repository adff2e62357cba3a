#pragma once

#include "learned_pendulum.hpp"
#include "long_run.hpp"
#include "request.hpp"
#include "work.hpp"

namespace metriplex::show {

/// Runs with one coupling, by every scheme that steps an `ExtendedField`.
struct Sweep {
  double coupling, turn;  ///< ω, and ω·dt
  std::vector<LongRun> runs;
};

/// Runs the learned pendulum by every scheme; errors: of the energy, relative to what it swings with.
std::vector<LongRun> pendulum_runs(const LearnedPendulum& pendulum, const Request& request);

/// Measures error against work on the learned pendulum; the reference is CooperVerner8 with tiny steps.
std::vector<Work> pendulum_work(const LearnedPendulum& pendulum, const Request& request);

/// Runs it by Tao's schemes, a tenth as long, with couplings from none to strong.
std::vector<Sweep> pendulum_couplings(const LearnedPendulum& pendulum, const Request& request);

/// Errors below which rounding rules, and no order is measured.
inline constexpr double pendulum_floor = 1e-12, kepler_floor = 1e-11;

/// Runs of one field with a Poisson bracket by the schemes that step it; errors: of the energy, and of the Casimirs.
struct BracketRuns {
  std::string field;
  std::vector<LongRun> runs;
};

/// Runs a rigid body, also with a network for its energy, and a heavy top, as long as the learned pendulum.
std::vector<BracketRuns> bracket_runs(const Request& request);

inline constexpr double kepler_eccentricity = 0.6;

/// Runs two bodies by every scheme; errors: of the energy and of the angular momentum, relative.
std::vector<LongRun> kepler_runs(const Request& request);

/// Measures error against work on the two bodies, whose solution is known.
std::vector<Work> kepler_work(const Request& request);

/// Runs them by Tao's schemes, a tenth as long, with couplings from none to strong.
std::vector<Sweep> kepler_couplings(const Request& request);

}  // namespace metriplex::show
