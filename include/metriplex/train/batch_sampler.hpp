#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "metriplex/core/random.hpp"

namespace metriplex {

/// What a training step looks at: some systems, and of each the same number of points.
struct Batch {
  std::vector<Index> systems;  ///< rising
  std::vector<Index> columns;  ///< [systems · points], one system after the other
};

/// Draws meta-batches of systems and points.
///
/// A system's points come from shuffled passes over all of them: none is seen twice before all were seen
/// once.
class BatchSampler {
 public:
  /// Adds a system of so many points.
  void add(Index points) {
    sizes_.push_back(points);
    left_.emplace_back();
  }

  /// Draws `systems` of the systems (0, or more than there are: all) and `points` points of each.
  Batch draw(Index systems, Index points, Random& random) {
    const auto all = static_cast<Index>(sizes_.size());
    Batch batch{random.permutation(all), {}};
    if (systems > 0 && systems < all) batch.systems.resize(static_cast<std::size_t>(systems));
    std::sort(batch.systems.begin(), batch.systems.end());
    for (const Index system : batch.systems) {
      auto& left = left_[static_cast<std::size_t>(system)];
      for (Index p = 0; p < points; ++p) {
        if (left.empty()) left = random.permutation(sizes_[static_cast<std::size_t>(system)]);
        batch.columns.push_back(left.back());
        left.pop_back();
      }
    }
    return batch;
  }

 private:
  std::vector<Index> sizes_;
  std::vector<std::vector<Index>> left_;  // what is left of each system's pass over its points
};

}  // namespace metriplex
