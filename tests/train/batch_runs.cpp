#include "metriplex/train/batch_runs.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("runs cover every point of every system once and in order", "[train][batch_runs]") {
  for (const Index systems : {1, 3, 31, 70})
    for (const Index points : {1, 64, 512, 513, 5000, 40000}) {
      const BatchRuns runs{systems, points};
      CHECK(runs.count <= 32);
      CHECK(runs.count <= systems * runs.blocks);
      Index system = 0, next = 0, pairs = 0;
      bool in_order = true, begun = true;
      for (Index run = 0; run < runs.count; ++run) {
        runs.for_each_part(run, [&, first = true](const BatchRuns::Part& part) mutable {
          if (next == points) ++system, next = 0;
          in_order = in_order && part.system == system && part.from == next && part.to > part.from;
          begun = begun && part.begun == (part.from > 0) && (!first || part.begun == runs.continues(run));
          next = part.to;
          first = false;
          ++pairs;
        });
      }
      CHECK(in_order);
      CHECK(begun);
      CHECK(system == systems - 1);
      CHECK(next == points);
      CHECK(pairs <= systems + 32);
    }
}
