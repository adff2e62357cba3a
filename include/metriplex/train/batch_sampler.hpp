#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/random.hpp"

namespace metriplex {

/// What a training step looks at: some systems, and of each the same number of points.
struct Batch {
  std::vector<Index> systems;  ///< rising
  std::vector<std::uint32_t>
      columns;  ///< [systems · points], one system after the other; empty: all, in order
};

/// Draws meta-batches of systems and points.
///
/// A system's points come from shuffled passes over all of them: none is seen twice before all were seen
/// once.
/// Cost: 4 bytes a point of all systems, and of the batch, unless every batch has all points of its systems; after
/// its first pass a draw allocates nothing.
class BatchSampler {
 public:
  /// Adds a system of so many points.
  ///
  /// Errors: no points, or more than 2³².
  void add(Index points) {
    require(points >= 1 && points <= std::int64_t{1} << 32,
            {"expected 1 to 2^32 points of a system, got ", points});
    sizes_.push_back(points);
    most_ = std::max(most_, points);
    left_.emplace_back();
  }

  /// Returns how many points the largest system has.
  Index most_points() const { return most_; }

  /// Draws `systems` of the systems (0, or more than there are: all) and `points` points of each; the batch
  /// is overwritten by the next draw.
  ///
  /// Errors: no points, or more than the largest system has.
  const Batch& draw(Index systems, Index points, Random& random) {
    require(points >= 1 && points <= most_,
            {"expected a draw of 1 to ", most_, " points of each system, got ", points});
    const std::size_t all = sizes_.size();
    order_.resize(all);
    std::iota(order_.begin(), order_.end(), Index{0});
    random.shuffle(order_);
    if (systems > 0) order_.resize(std::min(all, static_cast<std::size_t>(systems)));
    drawn_.assign(all, 0);
    for (const Index system : order_) drawn_[static_cast<std::size_t>(system)] = 1;
    batch_.systems.clear();
    for (std::size_t system = 0; system < all; ++system)
      if (drawn_[system] != 0) batch_.systems.push_back(static_cast<Index>(system));
    batch_.columns.clear();
    if (std::all_of(batch_.systems.begin(), batch_.systems.end(),
                    [&](Index system) { return sizes_[static_cast<std::size_t>(system)] == points; }))
      return batch_;
    batch_.columns.reserve(batch_.systems.size() * static_cast<std::size_t>(points));
    for (const Index system : batch_.systems) {
      auto& left = left_[static_cast<std::size_t>(system)];
      for (Index p = 0; p < points; ++p) {
        if (left.empty()) {
          left.resize(static_cast<std::size_t>(sizes_[static_cast<std::size_t>(system)]));
          std::iota(left.begin(), left.end(), std::uint32_t{0});
          random.shuffle(left);
        }
        batch_.columns.push_back(left.back());
        left.pop_back();
      }
    }
    return batch_;
  }

  /// Lists what the next draw goes on from, for `StateArchive`.
  template <class Archive>
  void serialize(Archive& archive) {
    archive.same("number of systems", static_cast<double>(sizes_.size()));
    for (std::size_t system = 0; system < sizes_.size(); ++system)
      archive.resized(left_[system], static_cast<std::size_t>(sizes_[system]));
  }

  /// Returns what was drawn last.
  const Batch& batch() const { return batch_; }

 private:
  std::vector<Index> sizes_;
  Index most_ = 0;
  std::vector<std::vector<std::uint32_t>> left_;  // what is left of each system's pass over its points
  std::vector<Index> order_;                      // in which systems are drawn
  std::vector<char> drawn_;                       // whether each is
  Batch batch_;
};

}  // namespace metriplex
