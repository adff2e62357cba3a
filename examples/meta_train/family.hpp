#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "any_field.hpp"
#include "metriplex/data/task_set.hpp"
#include "metriplex/systems/system.hpp"
#include "request.hpp"

namespace metriplex::driver {

/// What the driver trains on: measured members, and, where the system is known, the truth about them.
template <int Dim>
struct Family {
  std::string name;
  std::vector<std::string> state_names, parameter_names;
  TaskSet<Dim> set;
  Box<Dim> box;  ///< of the initial states; of the data where the system is not known
  std::function<AnyField<Dim>(const Vector<double>& mu)> exact;  ///< empty where the system is not known
};

template <int... D>
std::variant<Family<D>...> any_family(std::integer_sequence<int, D...>);
using AnyFamily = decltype(any_family(Dims{}));

}  // namespace metriplex::driver
