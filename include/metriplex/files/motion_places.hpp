#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/files/array_plan.hpp"

namespace metriplex {
namespace detail {

/// Where the samples of one motion lie in a family's arrays.
struct MotionPlace {
  std::size_t array = 0, member = 0;  ///< which array of states; which member
  Index first = 0, samples = 0;       ///< samples of that array
  Index first_time = 0;               ///< of the array of times
};

/// Holds a family as the arrays of a file: motions are runs of samples in them. Fields that are not there are empty.
struct RecordedArrays {
  std::vector<Tensor> times, states, rates, inputs,
      weights;                         ///< one, or one a motion: [..., samples, components]
  Tensor parameters;                   ///< [members, k]
  std::vector<double> member, motion;  ///< labels of motions or samples; may be empty
  bool array_a_motion = false;
  std::vector<MotionPlace> places;
  std::size_t members = 0;

  const std::vector<Index>& shape() const { return states[0].shape; }
  /// Whether the motions of all members lie one after the other along one axis of samples.
  bool joined() const { return !array_a_motion && shape().size() == 2; }
};

/// Numbers members by their labels, in ascending order.
inline void number_members(RecordedArrays& family, const std::vector<double>& labels) {
  std::vector<double> seen = labels;
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  family.members = seen.size();
  for (std::size_t k = 0; k < labels.size(); ++k)
    family.places[k].member =
        static_cast<std::size_t>(std::lower_bound(seen.begin(), seen.end(), labels[k]) - seen.begin());
}

/// Brings the samples of each motion together, in the order that they have.
inline void sort_samples(RecordedArrays& family) {
  std::vector<std::size_t> order(family.member.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t a, std::size_t b) {
    return family.member[a] != family.member[b] ? family.member[a] < family.member[b]
                                                : family.motion[a] < family.motion[b];
  };
  if (std::is_sorted(order.begin(), order.end(), before)) return;
  std::stable_sort(order.begin(), order.end(), before);
  const auto reorder = [&](std::vector<double>& values) {
    const std::size_t each = values.size() / order.size();
    if (values.size() % order.size() != 0) return;  // is refused later, by its shape
    std::vector<double> sorted;
    sorted.reserve(values.size());
    for (const std::size_t k : order)
      for (std::size_t c = 0; c < each; ++c) sorted.push_back(values[k * each + c]);
    values = std::move(sorted);
  };
  for (auto* field : {&family.times, &family.states, &family.rates, &family.inputs, &family.weights})
    if (!field->empty()) reorder(field->front().values);
  if (!family.parameters.shape.empty() && family.parameters.shape[0] == static_cast<Index>(order.size()))
    reorder(family.parameters.values);
  reorder(family.member);
  reorder(family.motion);
}

/// Finds the motions along one axis of samples, by the labels of the samples; without labels, all are one motion.
///
/// Errors: a label that is NaN.
inline void place_joined_motions(RecordedArrays& family, const std::string& where) {
  const Index samples = family.shape()[0];
  if (family.member.empty() && family.motion.empty()) {
    family.places = {{0, 0, 0, samples, 0}};
    family.members = 1;
    return;
  }
  if (family.member.empty()) family.member = family.motion;
  if (family.motion.empty()) family.motion = family.member;
  for (const auto* labels : {&family.member, &family.motion})
    require(std::none_of(labels->begin(), labels->end(), [](double label) { return label != label; }), [&] {
      return "expected a member and a motion of each sample, got NaN or an empty field in " + where;
    });
  sort_samples(family);
  std::vector<double> of_motions;
  for (Index k = 0; k < samples; ++k) {
    const auto at = static_cast<std::size_t>(k);
    if (k == 0 || family.member[at] != family.member[at - 1] || family.motion[at] != family.motion[at - 1]) {
      family.places.push_back({0, 0, k, 0, k});
      of_motions.push_back(family.member[at]);
    }
    ++family.places.back().samples;
  }
  number_members(family, of_motions);
}

/// Finds the motions of a rectangle or of arrays of their own; without labels, each that is in no list of a member's is a
/// member of its own.
inline void place_whole_motions(RecordedArrays& family) {
  const std::vector<Index>& shape = family.shape();
  const bool ragged = family.array_a_motion, rectangle = !ragged && shape.size() == 4;
  const Index count = ragged      ? static_cast<Index>(family.states.size())
                      : rectangle ? shape[0] * shape[1]
                                  : shape[0];
  std::vector<double> labels = rectangle ? std::vector<double>() : family.member;
  for (Index k = static_cast<Index>(labels.size()); k < count; ++k) {
    labels.push_back(static_cast<double>(rectangle ? k / shape[1] : k));
  }
  for (Index k = 0; k < count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const Index samples = ragged ? family.states[at].shape[0] : shape[shape.size() - 2];
    family.places.push_back({ragged ? at : 0, 0, ragged ? 0 : k * samples, samples, 0});
  }
  number_members(family, labels);
}

}  // namespace detail
}  // namespace metriplex
