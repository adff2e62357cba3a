#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace metriplex::show {
namespace {

std::string number(const char* format, double value) {
  if (!std::isfinite(value)) return "–";
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string yes(bool value) {
  return value ? "yes" : "";
}

/// Says what became of the energy: kept to 1e-11, bounded (what a line gains is not told from none, or less than a
/// hundredth of the largest error), drifting, or lost (an error of a half).
std::string verdict(const LongRun& run) {
  if (run.status != StepStatus::ok) return "stopped at step " + std::to_string(run.done + 1);
  const DriftMeter& energy = run.errors[0];
  const Drift drift = energy.drift();
  if (energy.largest() <= 1e-11) return "kept";
  if (energy.largest() >= 0.5) return "lost";
  const bool still =
      std::abs(drift.gain) <= 3 * drift.standard_error || std::abs(drift.gain) <= 0.01 * energy.largest();
  return still ? "bounded" : "drifts";
}

std::vector<std::string> drift_cells(const DriftMeter& meter) {
  const Drift drift = meter.drift();
  return {number("%.1e", meter.largest()), number("%.1e", drift.gain), number("%.0e", drift.standard_error)};
}

template <class Results>
auto find(const Results& results, const std::string& name) {
  return std::find_if(results.begin(), results.end(),
                      [&](const auto& result) { return result.scheme.name == name; });
}

Table learned_table(const Report& report) {
  return {"learned",
          {"learned as", "network", "field error"},
          {{"H(q, p)", "2–64–64–64–1, tanh", number("%.2f %%", 100 * report.whole_error)},
           {"T(p) + V(q)", "two of 1–64–64–64–1, tanh", number("%.2f %%", 100 * report.split_error)}}};
}

Table scheme_table(const Report& report) {
  Table table{
      "schemes", {"scheme", "takes", "order", "symplectic", "symmetric", "energy", "evaluations a step"}, {}};
  for (const LongRun& run : report.kepler) {
    const auto pendulum = find(report.pendulum, run.scheme.name);
    const LongRun& shown = pendulum != report.pendulum.end() ? *pendulum : run;
    table.rows.push_back({run.scheme.name, run.scheme.takes, std::to_string(run.scheme.order),
                          yes(run.scheme.symplectic), yes(run.scheme.symmetric), verdict(shown),
                          number("%.3g", shown.evaluations_per_step)});
  }
  return table;
}

Table pendulum_table(const Report& report) {
  Table table{"pendulum", {"scheme", "largest error", "gain of a line", "its standard error", "energy"}, {}};
  for (const LongRun& run : report.pendulum) {
    std::vector<std::string> row{run.scheme.name};
    for (const std::string& cell : drift_cells(run.errors[0])) row.push_back(cell);
    row.push_back(verdict(run));
    table.rows.push_back(row);
  }
  return table;
}

Table kepler_table(const Report& report) {
  Table table{"kepler",
              {"scheme", "largest error of the energy", "gain of a line", "its standard error", "energy",
               "largest error of the angular momentum", "gain of a line", "its standard error"},
              {}};
  for (const LongRun& run : report.kepler) {
    std::vector<std::string> row{run.scheme.name};
    for (const std::string& cell : drift_cells(run.errors[0])) row.push_back(cell);
    row.push_back(verdict(run));
    for (const std::string& cell : drift_cells(run.errors[1])) row.push_back(cell);
    table.rows.push_back(row);
  }
  return table;
}

Table bracket_table(const Report& report) {
  Table table{"brackets",
              {"field", "scheme", "largest error of the energy", "gain of a line", "energy",
               "largest error of a Casimir", "gain of a line", "evaluations a step"},
              {}};
  for (const BracketRuns& field : report.brackets)
    for (const LongRun& run : field.runs) {
      const auto energy = drift_cells(run.errors[0]);
      const auto casimir = drift_cells(*std::max_element(
          run.errors.begin() + 1, run.errors.end(),
          [](const DriftMeter& a, const DriftMeter& b) { return a.largest() < b.largest(); }));
      table.rows.push_back({field.field, run.scheme.name, energy[0], energy[1], verdict(run), casimir[0],
                            casimir[1], number("%.3g", run.evaluations_per_step)});
    }
  return table;
}

Table work_table(const Report& report) {
  Table table{"work",
              {"scheme", "order", "measured, two bodies", "measured, learned",
               "evaluations for 1e-6, two bodies", "evaluations for 1e-6, learned"},
              {}};
  for (const Work& kepler : report.kepler_work) {
    const auto pendulum = find(report.pendulum_work, kepler.scheme.name);
    const bool both = pendulum != report.pendulum_work.end();
    table.rows.push_back({kepler.scheme.name, std::to_string(kepler.scheme.order),
                          number("%.2f", kepler.order(kepler_floor)),
                          both ? number("%.2f", pendulum->order(pendulum_floor)) : "–",
                          number("%.0f", kepler.evaluations_for(1e-6)),
                          both ? number("%.0f", pendulum->evaluations_for(1e-6)) : "–"});
  }
  return table;
}

Table coupling_table(const char* name, const std::vector<Sweep>& sweeps) {
  Table table{name, {"coupling ω", "ω·dt"}, {}};
  if (!sweeps.empty())
    for (const LongRun& run : sweeps[0].runs) table.header.push_back(run.scheme.name);
  for (const Sweep& sweep : sweeps) {
    std::vector<std::string> row{number("%g", sweep.coupling), number("%.2g", sweep.turn)};
    for (const LongRun& run : sweep.runs) {
      const std::string outcome = verdict(run);
      row.push_back(outcome == "lost" || run.status != StepStatus::ok
                        ? outcome
                        : number("%.1e", run.errors[0].largest()));
    }
    table.rows.push_back(row);
  }
  return table;
}

}  // namespace

std::vector<Table> tables_of(const Report& report) {
  return {learned_table(report),
          scheme_table(report),
          pendulum_table(report),
          kepler_table(report),
          bracket_table(report),
          work_table(report),
          coupling_table("coupling_pendulum", report.pendulum_couplings),
          coupling_table("coupling_two_bodies", report.kepler_couplings)};
}

}  // namespace metriplex::show
