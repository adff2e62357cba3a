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

/// The least gain of entropy of all members, if they have one.
std::optional<double> least_gain(const Report& report) {
  std::optional<double> least;
  for (const MemberResult& m : report.members)
    if (m.min_dS) least = std::min(least.value_or(*m.min_dS), *m.min_dS);
  return least;
}

/// Prints a line for each law, a column for each group of members.
void print_certificates(const std::vector<CertificateOf>& certificates) {
  std::printf("\n%-36s", "worst breach of a law, relative");
  for (const auto& [which, found] : certificates) std::printf(" %10s", which.c_str());
  std::printf("\n");
  const auto lines = certificates[0].found.entries();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::printf("%-36s", std::string(lines[i].meaning).c_str());
    for (const auto& certificate : certificates) std::printf(" %10.1e", certificate.found.entries()[i].value);
    std::printf("\n");
  }
}

/// Prints what the latents tell of the known parameters.
void print_identifiability(const Report& report) {
  if (report.effective_dimension)
    std::printf("\nmeasurements fix %.1f of %td latent dimensions\n", *report.effective_dimension,
                report.request.latent);
  const auto text = [](const std::optional<double>& r) {
    char value[16] = "-";
    if (r) std::snprintf(value, sizeof value, "%.4f", *r);
    return std::string(value);
  };
  for (const ParameterFit& fit : report.parameter_fits)
    std::printf("latents tell %s with R² %s linearly, %s quadratically (of members left out)\n",
                fit.name.c_str(), text(fit.linear).c_str(), text(fit.quadratic).c_str());
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
  std::printf("largest drift of energy along predictions %.1e of its range",
              maximum(report, &MemberResult::e_energy));
  if (const auto gain = least_gain(report))
    std::printf(", least gain of entropy between samples %.1e", *gain);
  std::printf("\n");
  print_certificates(report.certificates);
  for (const LongRun& run : report.long_runs) {
    std::printf("%s%-18s %td steps of %.2g: energy off by %.1e", &run == &report.long_runs[0] ? "\n" : "",
                run.scheme.c_str(), run.steps, run.step, run.drift);
    if (run.least_gain) std::printf(", least gain of entropy in a step %.1e", *run.least_gain);
    std::printf("\n");
  }
  print_identifiability(report);
  if (!report.sweep.empty()) {
    std::printf("\n%12s %22s %22s\n", "measurements", "e_field, LM (time)", "e_field, Adam (time)");
    for (const SweepRow& row : report.sweep)
      std::printf("%12td %12.5f (%4.1f ms) %12.5f (%4.0f ms)\n", row.shots, row.lm, 1e3 * row.lm_seconds,
                  row.adam, 1e3 * row.adam_seconds);
  }
  std::printf(
      "\n%td parameters, trained in %.1f s, adapted to each unseen member from %td measurements in %.1f ms\n",
      report.parameters, report.train_seconds, report.request.shots, 1e3 * report.adapt_seconds);
}

void write_report(const Report& report) {
  const Request& request = report.request;
  nlohmann::ordered_json certificates;
  for (const auto& [which, found] : report.certificates) {
    certificates[which]["states"] = found.states;
    for (const auto& entry : found.entries())
      certificates[which][std::string(entry.name)] = number(entry.value);
  }
  nlohmann::ordered_json json{{"system", report.system},
                              {"modulation", request.modulation},
                              {"seed", request.seed},
                              {"steps", request.steps},
                              {"scalar", request.scalar},
                              {"width", request.width},
                              {"latent", request.latent},
                              {"batch", request.batch},
                              {"shots", request.shots},
                              {"adapt", request.adapt},
                              {"parameters", report.parameters},
                              {"e_field", number(mean(report, &MemberResult::e_field))},
                              {"e_traj", number(mean(report, &MemberResult::e_traj))},
                              {"e_field_max", number(maximum(report, &MemberResult::e_field))},
                              {"e_traj_max", number(maximum(report, &MemberResult::e_traj))},
                              {"e_energy", number(maximum(report, &MemberResult::e_energy))},
                              {"train_seconds", report.train_seconds},
                              {"adapt_seconds", report.adapt_seconds}};
  if (const auto gain = least_gain(report)) json["min_dS"] = number(*gain);
  json["certificate"] = certificates;
  for (const LongRun& run : report.long_runs) {
    auto& entry = json["long_run"][run.scheme];
    entry = {{"steps", run.steps}, {"step", run.step}, {"drift", number(run.drift)}};
    if (run.least_gain) entry["least_gain"] = number(*run.least_gain);
  }
  if (report.effective_dimension)
    json["identifiability"]["effective_dimension"] = *report.effective_dimension;
  for (const ParameterFit& fit : report.parameter_fits) {
    auto& entry = json["identifiability"]["r_squared"][fit.name];
    if (fit.linear) entry["linear"] = number(*fit.linear);
    if (fit.quadratic) entry["quadratic"] = number(*fit.quadratic);
  }
  for (const SweepRow& row : report.sweep)
    json["sweep"].push_back({{"shots", row.shots},
                             {"lm", number(row.lm)},
                             {"adam", number(row.adam)},
                             {"lm_seconds", row.lm_seconds},
                             {"adam_seconds", row.adam_seconds}});
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
