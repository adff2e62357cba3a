#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "metriplex/core/types.hpp"

namespace metriplex::bench {

/// What a row of the table measures.
struct Row {
  std::string name;         ///< such as train_step/f64/w64/mr/70x64
  double flops = 0;         ///< of one operation; 0: they mean nothing here
  std::string scalar = "";  ///< f64 or f32, whose peak the flops are compared with
  Index operations = 1;     ///< in one call of the work, where one alone is too short to time
  int threads = 1;          ///< of OpenMP while it runs
  int repetitions = 0;      ///< 0: as many as the command line says
  bool best = false;        ///< the fastest repetition counts instead of the median
  bool once = false;        ///< too big to run, or to keep, more than once
  std::function<std::function<void()>()> prepare = {};  ///< builds the work, when it is first needed
  std::function<double()> ask = {};                     ///< instead: asks a peer for its seconds
  std::shared_ptr<double> bytes = {};                   ///< filled in by rows that measure memory
};

/// Says that `peer`, measured as the row `peer_row`, does the same work as `row`.
struct Comparison {
  std::string row, peer, peer_row;
};

/// What there is to measure.
struct Plan {
  std::deque<Row> rows;
  std::vector<Comparison> comparisons;
};

}  // namespace metriplex::bench
