#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/files/array_info.hpp"

namespace metriplex {

/// Names the arrays of a file that hold a family. Several names with commas between them, as in `q,p`, are columns to be put side
/// by side; an empty name means that there is no such array.
struct ArrayNames {
  std::string time = "t";
  std::string states = "X";
  std::string rates = "dX";  ///< where there are any, as all that follow
  std::string inputs = "u";
  std::string parameters = "mu";    ///< of each member
  std::string weights = "weights";  ///< of each component of a sample; 0: missing
  std::string member = "member";    ///< which member a motion, or a sample, is of
  std::string motion = "motion";    ///< which motion a sample is of
};

/// Says which arrays of a file hold what.
struct ArrayPlan {
  using Names = std::vector<std::string>;
  Names time, states, rates, inputs, parameters, weights, member, motion;
  bool array_a_motion =
      false;  ///< states X_0, X_1, …: a motion each, with t_0, …, dX_0, …, as far as there are such

  /// Lists all arrays that are wanted, each once.
  Names wanted() const {
    Names all;
    for (const Names* names : {&time, &states, &rates, &inputs, &parameters, &weights, &member, &motion})
      for (const std::string& name : *names)
        if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
    return all;
  }
};

namespace detail {

/// Cuts names at their commas.
inline std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view name = text.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

/// Lists the arrays NAME_0, NAME_1, … in the order of their numbers.
inline std::vector<std::string> numbered_arrays(const ArrayInfos& arrays, const std::string& name) {
  std::vector<std::pair<long, std::string>> found;
  for (const ArrayInfo& array : arrays) {
    const std::string_view whole = array.name;
    if (!whole.starts_with(name + "_")) continue;
    const std::string digits(whole.substr(name.size() + 1));
    const bool number =
        !digits.empty() && digits.size() < 10 &&
        std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (number) found.emplace_back(std::stol(digits), array.name);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (auto& [number, text] : found) names.push_back(std::move(text));
  return names;
}

/// Finds what a name of `ArrayNames` stands for among a file's arrays; nothing where it is not there and need not be.
///
/// Errors: an array that is there and cannot be read; where it is `needed`, and where somebody chose the name: none.
inline std::vector<std::string> find_named(const ArrayInfos& arrays, const std::string& chosen,
                                           const std::string& usual, bool needed, const std::string& where) {
  const std::vector<std::string> names = split_names(chosen);
  for (const std::string& name : names) {
    const ArrayInfo* const array = find_array(arrays, name);
    if (array == nullptr) {
      if (std::vector<std::string> numbered = numbered_arrays(arrays, name);
          names.size() == 1 && !numbered.empty())
        return numbered;
      require(!needed && chosen == usual, [&] {
        return "expected array " + quote(name) + " (name others: --time NAME --states NAME ...), got " +
               names_text(arrays) + " in " + where;
      });
      return {};
    }
    if (!array->problem.empty()) fail(array->problem);
  }
  return names;
}

/// Takes for states of a table all columns that are nothing else, and for rates those named dq, dp of states q, p.
inline void plan_columns(const ArrayInfos& arrays, ArrayPlan& plan, bool states_chosen, bool rates_usual) {
  const auto has = [&](const std::string& name) {
    const ArrayInfo* const array = find_array(arrays, name);
    return array != nullptr && array->type != "text";
  };
  if (!states_chosen) {
    const ArrayPlan::Names taken = plan.wanted();
    for (const ArrayInfo& array : arrays) {
      const bool rate = rates_usual && array.name.starts_with('d') && has(array.name.substr(1));
      if (array.type != "text" && !rate && std::find(taken.begin(), taken.end(), array.name) == taken.end())
        plan.states.push_back(array.name);
    }
  }
  if (!rates_usual || !plan.rates.empty()) return;
  for (const std::string& state : plan.states)
    if (has("d" + state)) plan.rates.push_back("d" + state);
  if (plan.rates.size() != plan.states.size()) plan.rates.clear();
}

}  // namespace detail

/// Finds the arrays of a family in a file by their names. Of a table, whose usual names are `t` or `time`, `member` and
/// `motion`, all other columns are states where none are named, but for their rates (dq beside q).
///
/// Errors: an array that is needed or was named and is not there (with those that are), or cannot be read; the message ends in
/// `where`.
inline ArrayPlan plan_arrays(const ArrayInfos& arrays, const ArrayNames& names, const std::string& where) {
  const ArrayNames usual;
  const bool table = !arrays.empty() && arrays.front().column;
  const auto find = [&](std::string ArrayNames::*which, bool needed = false) {
    return detail::find_named(arrays, names.*which, usual.*which, needed, where);
  };
  const bool states_chosen = names.states != usual.states || find_array(arrays, usual.states) != nullptr;
  if (names.time == usual.time && names.states == usual.states && !table) {  // both at once, for one message
    const auto missing = [&](const std::string& name) {
      return find_array(arrays, name) == nullptr && detail::numbered_arrays(arrays, name).empty();
    };
    require(!missing(usual.time) && !missing(usual.states), [&] {
      return "expected arrays " + quote(usual.time) + " and " + quote(usual.states) +
             " (name others: --time NAME --states NAME ...), got " + names_text(arrays) + " in " + where;
    });
  }
  ArrayPlan plan;
  const bool by_time =
      table && names.time == usual.time && find_array(arrays, "t") == nullptr && find_array(arrays, "time");
  plan.time = by_time ? ArrayPlan::Names{"time"} : find(&ArrayNames::time, true);
  if (!table || states_chosen) plan.states = find(&ArrayNames::states, true);
  plan.rates = find(&ArrayNames::rates);
  plan.inputs = find(&ArrayNames::inputs);
  plan.parameters = find(&ArrayNames::parameters);
  plan.weights = find(&ArrayNames::weights);
  plan.member = find(&ArrayNames::member);
  plan.motion = find(&ArrayNames::motion);
  if (table) detail::plan_columns(arrays, plan, states_chosen, names.rates == usual.rates);
  require(!plan.states.empty(), [&] {
    return "expected columns of states beside the time, got " + names_text(arrays) + " in " + where;
  });
  const std::vector<std::string> chosen = detail::split_names(names.states);
  plan.array_a_motion = !table && chosen.size() == 1 && find_array(arrays, chosen[0]) == nullptr;
  return plan;
}

/// Tells the dimension of the states that a plan takes, from shapes alone.
///
/// Errors: states of a shape that has none.
inline Index state_dimension(const ArrayInfos& arrays, const ArrayPlan& plan, const std::string& where) {
  const ArrayInfo& first = *find_array(arrays, plan.states.front());
  if (first.column || (plan.states.size() > 1 && !plan.array_a_motion))
    return static_cast<Index>(plan.states.size());
  require(!first.shape.empty(), [&] {
    return "expected states " + quote(first.name) + " of shape [..., samples, dim], got a single number in " +
           where;
  });
  const ArrayInfo& time = *find_array(arrays, plan.time.front());
  const std::size_t rank = first.shape.size();
  require(rank < 2 || time.shape.size() != 1 || time.shape[0] != first.shape[rank - 1] ||
              time.shape[0] == first.shape[rank - 2],
          [&] {
            return "expected states " + quote(first.name) + " of shape [..., " +
                   std::to_string(time.shape[0]) + " samples, dim], got " + shape_text(first.shape) +
                   " (components come last: swap the last two axes, numpy.swapaxes(X, -1, -2)) in " + where;
          });
  return first.shape.size() == 1 ? 1 : first.shape.back();
}

}  // namespace metriplex
