#pragma once

#include <string>
#include <string_view>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/systems/dno.hpp"
#include "metriplex/systems/duffing.hpp"
#include "metriplex/systems/mass_spring.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "metriplex/systems/tgc.hpp"

namespace metriplex {

/// Lists systems as types.
template <System... Systems>
struct SystemList {};

/// Lists the systems that the benchmarks run on, for drivers and tests.
using BenchmarkSystems = SystemList<MassSpring, Pendulum, Duffing, Dno, Tgc>;

/// Calls `visit.template operator()<S>()` for every system of the list, in order: pass `[]<class S>() { ...
/// }`.
template <class Visitor, class... Systems>
constexpr void for_each_system(Visitor&& visit, SystemList<Systems...>) {
  (visit.template operator()<Systems>(), ...);
}

/// Calls a visitor for every benchmark system.
template <class Visitor>
constexpr void for_each_system(Visitor&& visit) {
  for_each_system(visit, BenchmarkSystems{});
}

/// Calls a visitor for the system of this name in a list: how a name from a command line becomes a type.
///
/// Errors: `Error` with the names that there are, if `name` is none of them.
template <class Visitor, class List = BenchmarkSystems>
void visit_system(std::string_view name, Visitor&& visit, List list = {}) {
  bool found = false;
  std::string names;
  for_each_system(
      [&]<class S>() {
        names += (names.empty() ? "" : ", ") + std::string(S::name);
        if (S::name != name) return;
        found = true;
        visit.template operator()<S>();
      },
      list);
  require(found, [&] { return "expected a system (" + names + "), got " + quote(name); });
}

}  // namespace metriplex
