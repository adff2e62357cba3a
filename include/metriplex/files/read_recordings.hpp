#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/files/array_plan.hpp"
#include "metriplex/files/read_arrays.hpp"
#include "metriplex/files/recorded_arrays.hpp"

namespace metriplex {

namespace detail {

/// Counts the inputs in one of a family's arrays of them, whose last axis may be left out where there is one.
inline Index input_columns(const RecordedArrays& family, std::size_t array) {
  const std::vector<Index>& shape = family.inputs[array].shape;
  return shape.size() == family.states[array].shape.size() ? shape.back() : 1;
}

/// Points to one motion's numbers in a family's arrays; null for what was not recorded.
struct RecordedMotion {
  const double *times, *states, *rates, *inputs, *weights;
  Index samples, dim, input_count;
  std::string which;  ///< member and motion, for messages
  bool single_times;  ///< stored as float32

  RecordedMotion(const RecordedArrays& family, const MotionPlace& place, std::string name)
      : samples(place.samples), dim(family.shape().back()), which(std::move(name)) {
    const auto at = [&](const std::vector<Tensor>& field, Index components) -> const double* {
      if (field.empty()) return nullptr;
      return field[place.array].values.data() + place.first * components;
    };
    const std::size_t clock = family.times.size() > 1 ? place.array : 0;
    times = family.times[clock].values.data() + place.first_time;
    single_times = family.times[clock].dtype == Dtype::float32;
    input_count = family.inputs.empty() ? 0 : input_columns(family, place.array);
    states = at(family.states, dim);
    rates = at(family.rates, dim);
    weights = at(family.weights, dim);
    inputs = at(family.inputs, input_count);
  }

  /// Whether a sample tells something: it has a time and a component that is not NaN.
  bool tells(Index k) const {
    if (std::isnan(times[k])) return false;
    for (Index i = 0; i < dim; ++i)
      if (!std::isnan(states[k * dim + i])) return true;
    return false;
  }
  /// Leaves out what tells nothing at either end: the padding of short motions.
  void trim() {
    while (samples > 0 && !tells(samples - 1)) --samples;
    Index first = 0;
    while (first < samples && !tells(first)) ++first;
    times += first;
    states += first * dim;
    if (rates != nullptr) rates += first * dim;
    if (weights != nullptr) weights += first * dim;
    if (inputs != nullptr) inputs += first * input_count;
    samples -= first;
  }
  /// Errors: times that are not finite and increasing, numbers that are infinite, inputs that are missing.
  void check(const std::string& where) const {
    for (Index k = 0; k < samples; ++k) {
      const double before = k > 0 ? times[k - 1] : -std::numeric_limits<double>::infinity();
      require(std::isfinite(times[k]) && times[k] > before, [&] {
        return "expected finite, increasing times, got " + number_text(times[k]) +
               (k > 0 ? " after " + number_text(before) : "") + " at sample " + std::to_string(k) + " of " +
               which +
               (single_times
                    ? " (float32 holds 7 digits: store times as float64, or since their start)"
                    : " (sort the samples, leave repeated ones out; motions after one another need an array "
                      "'motion')") +
               " in " + where;
      });
      const auto finite = [&](const double* values, Index count, bool may_be_missing, const char* what) {
        for (Index i = 0; values != nullptr && i < count; ++i) {
          const double value = values[k * count + i];
          require(std::isfinite(value) || (may_be_missing && std::isnan(value)), [&] {
            return std::string("expected finite ") + what +
                   (may_be_missing ? ", or NaN for what is missing, got " : ", got ") + number_text(value) +
                   " at sample " + std::to_string(k) + ", component " + std::to_string(i) + " of " + which +
                   " in " + where;
          });
        }
      };
      finite(states, dim, true, "states");
      finite(rates, dim, true, "rates");
      finite(inputs, input_count, false, "inputs");
      finite(weights, dim, false, "weights");
    }
  }
};

/// Makes a motion of its numbers: what is NaN has a weight of 0, and is 0; what is to be given is behind the states.
template <int Dim>
Motion<Dim> make_motion(const RecordedMotion& from, Given given) {
  using States = Matrix<double, Dim>;
  const Index n = from.samples, measured = from.dim;
  const auto wide = [&](const double* values, double beyond) {
    States all = States::Constant(Dim, n, beyond);
    all.topRows(measured) = Eigen::Map<const Matrix<double>>(values, measured, n);
    return all;
  };
  Motion<Dim> motion{Eigen::Map<const Vector<double>>(from.times, n), wide(from.states, 0)};
  if (from.rates != nullptr &&
      std::any_of(from.rates, from.rates + measured * n, [](double r) { return !std::isnan(r); }))
    motion.rates = wide(from.rates, given == Given::time ? 1 : 0);
  if (from.inputs != nullptr)
    motion.inputs = Eigen::Map<const Matrix<double>>(from.inputs, from.input_count, n);
  if (given == Given::inputs)
    motion.states.bottomRows(Dim - measured) = motion.inputs;
  else if (given == Given::time)
    motion.states.bottomRows(1) = motion.times.transpose();
  if (from.weights != nullptr) motion.weights = wide(from.weights, 1);
  for (Index k = 0; k < Dim * n; ++k) {
    double& state = motion.states.data()[k];
    const bool no_rate = motion.has_rates() && std::isnan(motion.rates.data()[k]);
    if (!std::isnan(state) && !no_rate) continue;
    if (motion.weights.cols() == 0) motion.weights.setOnes(Dim, n);
    motion.weights.data()[k] = 0;
    if (std::isnan(state)) state = 0;
    if (no_rate) motion.rates.data()[k] = 0;
  }
  return motion;
}

/// Reads the arrays of a family.
inline RecordedArrays read_recorded(const std::filesystem::path& path, const ArrayNames& names) {
  const std::string where = path.string();
  const ArrayInfos infos = list_arrays(path);
  const ArrayPlan plan = plan_arrays(infos, names, where);
  return RecordedArraysBuilder(read_arrays(path, plan.wanted()), plan, infos.front().column, where).build();
}

/// Makes the motions of a family's arrays, whose states have `Dim` components with what is given.
template <int Dim>
Recordings<Dim> assemble(const RecordedArrays& arrays, const std::string& where,
                         Given given = Given::nothing) {
  Recordings<Dim> family;
  family.members.resize(arrays.members);
  const Index parameters = arrays.parameters.values.empty() ? 0 : arrays.parameters.shape[1];
  for (std::size_t m = 0; m < arrays.members; ++m)
    if (parameters > 0)
      family.members[m].mu = Vector<double>::Map(
          arrays.parameters.values.data() + static_cast<Index>(m) * parameters, parameters);
  std::vector<std::size_t> seen(arrays.members);
  for (const MotionPlace& place : arrays.places) {
    RecordedMotion motion(
        arrays, place,
        "member " + std::to_string(place.member) + ", motion " + std::to_string(seen[place.member]++));
    motion.trim();
    motion.check(where);
    if (motion.samples > 0) family.members[place.member].motions.push_back(make_motion<Dim>(motion, given));
  }
  return family;
}

/// Counts what is given beside the states.
///
/// Errors: inputs that there are not.
inline Index given_columns(const RecordedArrays& arrays, Given given, const ArrayNames& names,
                           const std::string& where) {
  if (given == Given::time) return 1;
  if (given == Given::nothing) return 0;
  require(!arrays.inputs.empty(), [&] {
    return "expected inputs " + quote(names.inputs) + " (name others: --inputs NAME), got none in " + where;
  });
  return input_columns(arrays, 0);
}

}  // namespace detail

/// Tells the dimension of the states in a file, with what is given, so that a caller can choose the `Dim` of `read_recordings`.
///
/// Errors: as `list_arrays`, `plan_arrays`, and where inputs are to be given that there are not.
inline Index state_dimension(const std::filesystem::path& path, const ArrayNames& names,
                             Given given = Given::nothing) {
  const ArrayInfos arrays = list_arrays(path);
  const ArrayPlan plan = plan_arrays(arrays, names, path.string());
  const Index dim = state_dimension(arrays, plan, path.string());
  if (given == Given::nothing) return dim;
  if (given == Given::time) return dim + 1;
  require(!plan.inputs.empty(), [&] {
    return "expected inputs " + quote(names.inputs) + " (name others: --inputs NAME), got " +
           names_text(arrays) + " in " + path.string();
  });
  const ArrayInfo& first = *find_array(arrays, plan.inputs.front());
  if (first.column || (plan.inputs.size() > 1 && !plan.array_a_motion))
    return dim + static_cast<Index>(plan.inputs.size());
  const bool columns = first.shape.size() == find_array(arrays, plan.states.front())->shape.size();
  return dim + (columns ? first.shape.back() : 1);
}

/// Reads a family from an .npz, .csv, MATLAB or HDF5 file (docs/data.md has a table of them).
///
/// Shapes: states [members, motions, samples, Dim], [motions, samples, Dim] (members of one motion each, or as an array `member`
/// [motions] says), [samples, Dim] (one motion, or those that arrays `member` and `motion` [samples] tell apart), or an array
/// [samples, Dim] a motion, named X_0, X_1, …; times [samples], [members, samples] or [members, motions, samples], or t_0,
/// t_1, …; rates and weights as the states, inputs as these but for the last axis, or without it; mu [members, k] or [members].
/// What is `given` stands behind the states, which then have `Dim` components with it.
/// What is NaN in the states or rates was not measured: at the ends of a motion it is cut off, else it has a weight of 0. Motions
/// of nothing but NaN are left out.
/// Errors: as `list_arrays` and `plan_arrays`; shapes that do not fit; times that do not increase; Inf; no motion.
template <int Dim>
Recordings<Dim> read_recordings(const std::filesystem::path& path, const ArrayNames& names = {},
                                Given given = Given::nothing) {
  static_assert(Dim > 0,
                "read_recordings<Dim> needs a fixed state dimension: state_dimension(path, names) reads it");
  const std::string where = path.string();
  const detail::RecordedArrays arrays = detail::read_recorded(path, names);
  const Index beside = detail::given_columns(arrays, given, names, where);
  require(arrays.shape().back() + beside == Dim, [&] {
    return "expected states of " + std::to_string(Dim - beside) + " components, got " +
           shape_text(arrays.shape()) + " in " + where;
  });
  const Recordings<Dim> family = detail::assemble<Dim>(arrays, where, given);
  require_valid(family, where);
  return family;
}

}  // namespace metriplex
