#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "metriplex/data/csv.hpp"

namespace metriplex::driver {

namespace {

template <class Field>
double mean(const Report& report, Field field) {
  double total = 0;
  for (const MemberResult& m : report.members) total += m.*field;
  return total / static_cast<double>(report.members.size());
}

template <class Field>
double maximum(const Report& report, Field field) {
  double most = 0;
  for (const MemberResult& m : report.members) most = std::max(most, m.*field);
  return most;
}

/// JSON knows no infinity: a rollout that failed is null.
nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

}  // namespace

void print_table(const Report& report) {
  std::printf("\n%-44s %10s %10s %10s\n", "unseen member", "fit", "e_field", "e_traj");
  for (const MemberResult& m : report.members)
    std::printf("%-44s %10.2e %10.5f %10.5f\n", m.description.c_str(), std::sqrt(m.loss), m.e_field,
                m.e_traj);
  std::printf("%-44s %10s %10.5f %10.5f\n", "mean", "", mean(report, &MemberResult::e_field),
              mean(report, &MemberResult::e_traj));
  std::printf("%-44s %10s %10.5f %10.5f\n", "maximum", "", maximum(report, &MemberResult::e_field),
              maximum(report, &MemberResult::e_traj));
  std::printf(
      "\n%td parameters, trained in %.1f s, adapted to each unseen member from %td measurements in %.0f ms\n",
      report.parameters, report.train_seconds, report.request.shots, 1e3 * report.adapt_seconds);
}

void write_report(const Report& report) {
  const Request& request = report.request;
  const nlohmann::ordered_json json{{"system", report.system},
                                    {"modulation", request.modulation},
                                    {"seed", request.seed},
                                    {"steps", request.steps},
                                    {"scalar", request.scalar},
                                    {"width", request.width},
                                    {"latent", request.latent},
                                    {"batch", request.batch},
                                    {"shots", request.shots},
                                    {"parameters", report.parameters},
                                    {"e_field", number(mean(report, &MemberResult::e_field))},
                                    {"e_traj", number(mean(report, &MemberResult::e_traj))},
                                    {"e_field_max", number(maximum(report, &MemberResult::e_field))},
                                    {"e_traj_max", number(maximum(report, &MemberResult::e_traj))},
                                    {"train_seconds", report.train_seconds},
                                    {"adapt_seconds", report.adapt_seconds}};
  write_atomically(request.out / "report.json", json.dump(2) + "\n");
  write_csv(request.out / "loss.csv", {"step", "loss"}, report.loss);
}

void prepare_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  require(std::filesystem::is_directory(directory), [&] {
    return "expected a directory to write to, got " + quote(directory.string()) + " (" +
           (error ? error.message() : "not a directory") + ")";
  });
  const auto trial = directory / ".metriplex-trial";
  write_atomically(trial, "");
  std::filesystem::remove(trial, error);
}

}  // namespace metriplex::driver
