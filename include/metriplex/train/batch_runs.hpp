#pragma once

#include <algorithm>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Cuts a batch into runs, the pieces that threads share out: every system into blocks of points, and all blocks,
/// in order, into runs of (nearly) as many.
///
/// The cut follows from the batch alone and runs are summed in order, so that the number of threads changes no
/// bit. A run may begin and end within a system; there are at most `most` of them, and so at most `most` more
/// pairs of a run and a system in it than there are systems: memory for each pair does not grow with the points.
struct BatchRuns {
  static constexpr Index block_points = 512, most = 32;

  Index systems, points;                                      ///< of the batch, and of each of its systems
  Index blocks = (points + block_points - 1) / block_points;  ///< of a system
  Index count = std::min(systems * blocks, most);             ///< of runs

  /// Returns the first block of a run, counted through all systems; that of run `count` is the end.
  Index first(Index run) const { return run * systems * blocks / count; }

  /// Tells whether the system in which a run begins was begun by a run before it.
  bool continues(Index run) const { return first(run) % blocks != 0; }

  /// A system, and the points of it that are in one run.
  struct Part {
    Index system, from, to;
    bool begun;  ///< by a run before
  };

  /// Calls body(part) for every system in a run.
  template <class Body>
  void for_each_part(Index run, Body&& body) const {
    const Index begin = first(run), end = first(run + 1);
    for (Index block = begin; block < end;) {
      const Index system = block / blocks, start = system * blocks, next = std::min(end, start + blocks);
      body(Part{system, (block - start) * block_points, std::min((next - start) * block_points, points),
                start < begin});
      block = next;
    }
  }
};

}  // namespace metriplex
