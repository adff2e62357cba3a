#pragma once

#include <map>

#include "row.hpp"

namespace metriplex::bench {

struct RunOptions {
  int repetitions = 5;
  double min_time = 0.1;  ///< seconds of each repetition
};

/// Measures all rows, their repetitions in random order so that a slow minute of the machine meets all alike;
/// returns the median seconds of one operation by name.
///
/// Errors: what a row throws.
std::map<std::string, double> run(Plan& plan, const RunOptions& options);

/// Answers names of rows, one a line on standard input, with the seconds of one operation: the protocol of
/// the peers.
void serve(Plan& plan, const RunOptions& options);

}  // namespace metriplex::bench
