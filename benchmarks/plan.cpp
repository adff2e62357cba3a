#include "plan.hpp"

#include <algorithm>
#include <regex>
#include <set>

#include "compile_rows.hpp"
#include "friction_rows.hpp"
#include "mechanical_rows.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "odeint_rows.hpp"
#include "peak.hpp"
#include "state_rows.hpp"

namespace metriplex::bench {

Plan whole_plan() {
  Plan plan;
  add_peak_rows(plan);
  add_network_rows(plan);
  add_friction_rows(plan);
  add_mechanical_rows(plan);
  add_state_rows(plan);
#ifdef METRIPLEX_BENCH_ODEINT
  add_odeint_rows(plan);
#endif
  add_compile_rows(plan);
  return plan;
}

void keep(Plan& plan, const std::string& filter) {
  std::regex wanted;
  try {
    wanted.assign(filter);
  } catch (const std::regex_error&) {
    throw Error("--filter expects a regular expression; got " + quote(filter));
  }
  std::set<std::string> names;
  for (const Row& row : plan.rows)
    if (!row.ask && std::regex_search(row.name, wanted)) names.insert(row.name);
  require(!names.empty(), [&] { return "no row matches --filter " + quote(filter) + ": --list names them"; });
  std::erase_if(plan.comparisons, [&](const Comparison& c) { return !names.contains(c.row); });
  names.insert({"peak/f64", "peak/f32"});
  for (const Comparison& comparison : plan.comparisons) names.insert(comparison.peer_row);
  std::erase_if(plan.rows, [&](const Row& row) { return !names.contains(row.name); });
}

}  // namespace metriplex::bench
