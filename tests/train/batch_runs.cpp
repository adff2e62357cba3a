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
      Index system = 0, next = 0, last_pair = -1;
      bool in_order = true, in_run = true, pairs_differ = true;
      for (Index run = 0; run < runs.count; ++run) {
        in_run = in_run && runs.last_system(run) - runs.first_system(run) < runs.most_systems();
        runs.for_each_part(run, [&](const BatchRuns::Part& part) {
          if (next == points) ++system, next = 0;
          in_order = in_order && part.system == system && part.from == next && part.to > part.from;
          in_run = in_run && part.system >= runs.first_system(run) && part.system <= runs.last_system(run);
          pairs_differ = pairs_differ && run + system > last_pair;
          last_pair = run + system;
          next = part.to;
        });
      }
      CHECK(in_order);
      CHECK(in_run);
      CHECK(pairs_differ);
      CHECK(system == systems - 1);
      CHECK(next == points);
      CHECK(last_pair < systems + runs.count);
    }
}
