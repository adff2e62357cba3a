#pragma once

#include "experiments.hpp"
#include "table.hpp"

namespace metriplex::show {

/// All that a run of the program measured.
struct Report {
  Request request;
  double whole_error, split_error, training_seconds;
  Index measurements;
  std::vector<LongRun> pendulum, kepler;
  std::vector<BracketRuns> brackets;
  std::vector<Work> pendulum_work, kepler_work;
  std::vector<Sweep> pendulum_couplings, kepler_couplings;
};

/// Makes the tables, in the order in which they are printed.
std::vector<Table> tables_of(const Report& report);

}  // namespace metriplex::show
