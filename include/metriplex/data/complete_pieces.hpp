#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "metriplex/data/motion.hpp"

namespace metriplex {

/// Cuts a motion into pieces of complete samples: one of which a component is missing is left out, and where samples are more than
/// `longest_gap` times as far apart as usual (the median) a piece ends. Pieces of less than two samples are dropped.
///
/// Shapes: pieces have times and states alone.
template <int Dim>
std::vector<Motion<Dim>> complete_pieces(const Motion<Dim>& motion, double longest_gap) {
  const std::vector<Index> kept = motion.complete_samples();
  std::vector<double> gaps;
  for (std::size_t k = 1; k < kept.size(); ++k)
    gaps.push_back(motion.times[kept[k]] - motion.times[kept[k - 1]]);
  if (gaps.empty()) return {};
  std::vector<double> sorted = gaps;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double most = longest_gap * *middle;

  std::vector<Motion<Dim>> found;
  for (std::size_t begin = 0, end = 0; begin < kept.size(); begin = end) {
    for (end = begin + 1; end < kept.size() && gaps[end - 1] <= most;) ++end;
    if (end - begin < 2) continue;
    Motion<Dim> piece = motion.pick(
        {kept.begin() + static_cast<std::ptrdiff_t>(begin), kept.begin() + static_cast<std::ptrdiff_t>(end)});
    found.push_back({std::move(piece.times), std::move(piece.states)});
  }
  return found;
}

}  // namespace metriplex
