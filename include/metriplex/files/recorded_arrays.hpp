#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/files/array_plan.hpp"
#include "metriplex/files/motion_places.hpp"

namespace metriplex {
namespace detail {

/// Puts arrays of equal shape side by side: a new last axis.
///
/// Errors: other shapes.
inline Tensor side_by_side(const Tensors& arrays, const std::vector<std::string>& names,
                           const std::string& where) {
  const Tensor& first = arrays.at(names.front());
  Tensor all{first.shape, {}, first.dtype};
  all.shape.push_back(static_cast<Index>(names.size()));
  all.values.resize(first.values.size() * names.size());
  for (std::size_t c = 0; c < names.size(); ++c) {
    const Tensor& part = arrays.at(names[c]);
    require(part.shape == first.shape, [&] {
      return "expected " + quote(names[c]) + " of the shape of " + quote(names[0]) + ", " +
             shape_text(first.shape) + ", got " + shape_text(part.shape) + " in " + where;
    });
    for (std::size_t k = 0; k < part.values.size(); ++k) all.values[k * names.size() + c] = part.values[k];
  }
  return all;
}

/// Turns the arrays that a plan names into a family; each step checks the shapes that the next one relies on.
class RecordedArraysBuilder {
 public:
  RecordedArraysBuilder(Tensors arrays, const ArrayPlan& plan, bool table, const std::string& where)
      : arrays_(std::move(arrays)), plan_(plan), table_(table), where_(where) {}

  RecordedArrays build() {
    family_.array_a_motion = plan_.array_a_motion;
    take(plan_.states, family_.states, true);
    take(plan_.time, family_.times, false);
    take(plan_.rates, family_.rates, true);
    take(plan_.inputs, family_.inputs, true);
    take(plan_.weights, family_.weights, true);
    check_states();
    require_samples();
    take_labels();
    if (!plan_.parameters.empty())
      family_.parameters = plan_.parameters.size() > 1 ? side_by_side(arrays_, plan_.parameters, where_)
                                                       : std::move(arrays_.at(plan_.parameters[0]));
    if (family_.joined())
      place_joined_motions(family_, where_);
    else
      place_whole_motions(family_);
    check_times();
    const Index dim = family_.shape().back();
    check_beside(family_.rates, plan_.rates, dim);
    check_beside(family_.weights, plan_.weights, dim);
    if (!family_.inputs.empty()) {
      const std::vector<Index>& shape = family_.inputs[0].shape;
      check_beside(family_.inputs, plan_.inputs, shape.size() == family_.shape().size() ? shape.back() : 1);
    }
    if (!plan_.parameters.empty()) shape_parameters();
    return std::move(family_);
  }

 private:
  /// Moves the arrays of a field: one, one a motion, or columns side by side. `components`: its last axis is of these.
  void take(const std::vector<std::string>& names, std::vector<Tensor>& field, bool components) {
    if (names.size() > 1 && !plan_.array_a_motion) {
      field.push_back(side_by_side(arrays_, names, where_));
      return;
    }
    for (const std::string& name : names) {
      Tensor& array = field.emplace_back(std::move(arrays_.at(name)));
      if (components && array.shape.size() == 1 && (table_ || plan_.array_a_motion)) array.shape.push_back(1);
    }
  }

  void check_states() const {
    const std::size_t least = 2, most = plan_.array_a_motion ? 2 : 4;
    for (std::size_t k = 0; k < family_.states.size(); ++k) {
      const std::vector<Index>& shape = family_.states[k].shape;
      require(shape.size() >= least && shape.size() <= most, [&] {
        return "expected states " + quote(plan_.states[k]) + " of shape " +
               (plan_.array_a_motion
                    ? "[samples, dim]"
                    : "[members, motions, samples, dim], [motions, samples, dim] or [samples, dim]") +
               ", got " + shape_text(shape) + " in " + where_;
      });
      require(shape.back() == family_.shape().back(), [&] {
        return "expected states of " + std::to_string(family_.shape().back()) +
               " components in all motions, got " + shape_text(shape) + " in " + quote(plan_.states[k]) +
               " of " + where_;
      });
    }
  }

  void require_samples() const {
    for (const Tensor& x : family_.states)
      require(!x.values.empty(), [&] {
        return "expected at least one member, motion, sample and component, got states " +
               shape_text(x.shape) + " in " + where_;
      });
  }

  /// Takes the labels of members and motions, of samples where these are joined, else of motions.
  void take_labels() {
    const bool joined = family_.joined();
    const std::vector<Index>& shape = family_.shape();
    const Index count = plan_.array_a_motion ? static_cast<Index>(family_.states.size()) : shape[0];
    const auto labels = [&](const std::vector<std::string>& names) {
      if (names.empty()) return std::vector<double>();
      const Tensor& array = arrays_.at(names.front());
      require(static_cast<Index>(array.values.size()) == count, [&] {
        return "expected " + quote(names.front()) + " with a number for each " +
               (joined ? "sample, " : "motion, ") + std::to_string(count) + ", got " +
               shape_text(array.shape) + " in " + where_;
      });
      return array.values;
    };
    if (joined || plan_.array_a_motion || shape.size() == 3) family_.member = labels(plan_.member);
    if (joined) family_.motion = labels(plan_.motion);
  }

  /// Finds the times of each motion: [samples] for all, [members, samples], [members, motions, samples] or, of motions in
  /// arrays of their own, one array each.
  void check_times() {
    const std::size_t count = family_.times.size();
    if (plan_.array_a_motion) {
      require(count == 1 || count == family_.states.size(), [&] {
        return "expected times of each motion, " + std::to_string(family_.states.size()) +
               ", or for all, got " + std::to_string(count) + " in " + where_;
      });
      for (const MotionPlace& place : family_.places) require_times(count == 1 ? 0 : place.array, place);
      return;
    }
    const std::vector<Index>&shape = family_.shape(), &t = family_.times[0].shape;
    const Index samples = shape[shape.size() - 2];
    const auto motions = static_cast<Index>(family_.places.size());
    const bool rows = !family_.joined() && t.size() >= 2 && t.back() == samples;
    const Index outer =
        rows ? static_cast<Index>(family_.times[0].values.size()) / std::max<Index>(samples, 1) : 0;
    const bool each =
        rows && outer == motions && (t.size() == 2 ? shape.size() == 3 || shape[1] == 1 : t[0] == shape[0]);
    const bool of_members = rows && t.size() == 2 && shape.size() == 4 && t[0] == shape[0];
    for (std::size_t k = 0; k < family_.places.size(); ++k) {
      MotionPlace& place = family_.places[k];
      const auto motion = static_cast<Index>(k);
      if (each || of_members) {
        place.first_time = (each ? motion : motion / shape[1]) * samples;
      } else if (family_.joined()) {
        require_times(0, {0, 0, 0, samples, 0});
        return;
      } else {
        require_times(0, place);
      }
    }
  }

  /// Checks that an array of times is one axis (or MATLAB's row or column) of as many numbers as a motion has samples.
  void require_times(std::size_t which, const MotionPlace& place) const {
    const Tensor& t = family_.times[which];
    const auto count = static_cast<Index>(t.values.size());
    const auto longer = std::count_if(t.shape.begin(), t.shape.end(), [](Index size) { return size > 1; });
    const std::vector<Index>& x = family_.states[place.array].shape;
    require(count == place.samples && longer <= 1, [&] {
      return "expected times " + quote(plan_.time[which]) + " of shape [samples]" +
             (x.size() == 4   ? ", [members, samples] or [members, motions, samples]"
              : x.size() == 3 ? " or [motions, samples]"
                              : "") +
             " for states " + shape_text(x) + ", got " + shape_text(t.shape) +
             (count == x.back() && count != place.samples
                  ? " (components come last: swap the last two axes of the states, numpy.swapaxes(X, -1, -2))"
                  : "") +
             " in " + where_;
    });
  }

  /// Checks that what is beside the states has their shape, but for the number of components.
  void check_beside(const std::vector<Tensor>& field, const std::vector<std::string>& names,
                    Index components) const {
    require(field.empty() || field.size() == family_.states.size(), [&] {
      return "expected " + quote(names.front()) + " for each array of states, " +
             std::to_string(family_.states.size()) + ", got " + std::to_string(field.size()) + " in " +
             where_;
    });
    for (std::size_t k = 0; k < field.size(); ++k) {
      std::vector<Index> expected = family_.states[k].shape, without = expected;
      without.pop_back();
      expected.back() = components;
      require(field[k].shape == expected || (components == 1 && field[k].shape == without), [&] {
        return "expected " + quote(names[k]) + " of shape " + shape_text(expected) + ", got " +
               shape_text(field[k].shape) + " in " + where_;
      });
    }
  }

  /// Shapes mu as [members, k]: from that, from [members], or from numbers of each sample that a member's samples share.
  void shape_parameters() {
    Tensor& mu = family_.parameters;
    const auto members = static_cast<Index>(family_.members), size = static_cast<Index>(mu.values.size());
    const Index samples = family_.joined() ? family_.shape()[0] : 0;
    if (samples > members && !mu.shape.empty() && mu.shape[0] == samples) {
      const Index k = size / samples;
      std::vector<double> of_members(static_cast<std::size_t>(members * k));
      std::vector<bool> known(family_.members);
      for (const MotionPlace& place : family_.places)
        for (Index s = place.first; s < place.first + place.samples; ++s)
          for (Index i = 0; i < k; ++i) {
            double& value =
                of_members[place.member * static_cast<std::size_t>(k) + static_cast<std::size_t>(i)];
            const double here = mu.values[static_cast<std::size_t>(s * k + i)];
            require(!known[place.member] || value == here, [&] {
              return "expected " + quote(plan_.parameters[0]) +
                     " to be the same in all samples of a member, got " + number_text(value) + " and " +
                     number_text(here) + " in " + where_;
            });
            value = here;
            known[place.member] = known[place.member] || i + 1 == k;
          }
      mu = {{members, k}, std::move(of_members), mu.dtype};
      return;
    }
    const bool one_each = size == members, one_member = members == 1 && mu.shape.size() < 2;
    require(one_each || one_member || (mu.shape.size() == 2 && mu.shape[0] == members), [&] {
      return "expected parameters " + quote(plan_.parameters[0]) + " of shape [" + std::to_string(members) +
             " members, k], got " + shape_text(mu.shape) + " (--parameters '' leaves them out) in " + where_;
    });
    if (one_each || one_member) mu.shape = {members, size / members};
  }

  Tensors arrays_;
  const ArrayPlan& plan_;
  bool table_;
  const std::string& where_;
  RecordedArrays family_;
};

}  // namespace detail
}  // namespace metriplex
