#pragma once

#include <algorithm>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Cuts a batch into runs, the pieces that threads share out: every system into blocks of points, and all blocks,
/// in order, into runs of (nearly) as many.
///
/// The cut follows from the batch alone and runs are summed in order, so that the number of threads changes no
/// bit. A run may begin and end within a system. Pairs of a run and a system in it are numbered by run + system:
/// memory for each does not grow with the points. What is counted as a point here is what must stay together: a
/// loss's term, of `size` points.
struct BatchRuns {
  static constexpr Index block_points = 512, most = 32;
  static constexpr Index run_points = 512;  ///< that a run has, since it must be summed with the others

  Index systems, points;  ///< of the batch, and of each of its systems
  Index size = 1;
  Index block = std::max<Index>(1, block_points / size);
  Index blocks = (points + block - 1) / block;  ///< of a system
  Index count =                                 ///< of runs
      std::clamp<Index>(systems * points * size / run_points, 1, std::min(systems* blocks, most));

  /// Returns the first block of a run, counted through all systems; that of run `count` is the end.
  Index first(Index run) const { return run * systems * blocks / count; }

  /// Returns the systems in which a run begins and ends.
  Index first_system(Index run) const { return first(run) / blocks; }
  Index last_system(Index run) const { return (first(run + 1) - 1) / blocks; }

  /// Returns how many systems a run has at most.
  Index most_systems() const {
    Index systems_of_run = 0;
    for (Index run = 0; run < count; ++run)
      systems_of_run = std::max(systems_of_run, last_system(run) - first_system(run) + 1);
    return systems_of_run;
  }

  /// A system, and the points of it that are in one run.
  struct Part {
    Index system, from, to;
  };

  /// Calls body(part) for every system in a run.
  template <class Body>
  void for_each_part(Index run, Body&& body) const {
    const Index begin = first(run), end = first(run + 1);
    for (Index at = begin; at < end;) {
      const Index system = at / blocks, start = system * blocks, next = std::min(end, start + blocks);
      body(Part{system, (at - start) * block, std::min((next - start) * block, points)});
      at = next;
    }
  }
};

}  // namespace metriplex
