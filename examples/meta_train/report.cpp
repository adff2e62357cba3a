#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "checkpoints.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/core/threads.hpp"
#include "metriplex/version.hpp"

namespace metriplex::driver {

namespace {

/// Returns the mean loss of `count` steps, or of all, from a step on.
double mean_loss(const Report& report, std::size_t from,
                 std::size_t count = std::numeric_limits<std::size_t>::max()) {
  from = std::min(from, report.loss.size() - 1);
  count = std::clamp<std::size_t>(count, 1, report.loss.size() - from);
  double total = 0;
  for (std::size_t i = from; i < from + count; ++i) total += report.loss[i][1];
  return total / static_cast<double>(count);
}

/// What the mean and the largest of a number over the members are; neither, where it applies to none of them.
struct Summary {
  std::optional<double> mean{}, largest{};
};

/// Sums up value(member), leaving out members for which it is NaN: there is nothing that they could be off from.
template <class Value>
Summary summary(const Report& report, Value value) {
  Summary found;
  double count = 0;
  for (const MemberResult& m : report.members) {
    const double one = value(m);
    if (std::isnan(one)) continue;
    found.mean = (found.mean.value_or(0) * count + one) / (count + 1);
    found.largest = std::max(found.largest.value_or(one), one);
    ++count;
  }
  return found;
}

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

/// Picks a number of a member's errors, NaN where there are none.
template <class Pick>
auto of_field(Pick pick) {
  return [pick](const MemberResult& m) { return m.field ? pick(*m.field) : absent; };
}
template <class Pick>
auto of_trajectory(Pick pick) {
  return [pick](const MemberResult& m) { return m.trajectory ? pick(*m.trajectory) : absent; };
}
double together(const ErrorsOf& errors) {
  return errors.together;
}
double pooled(const ErrorsOf& errors) {
  return errors.pooled;
}
auto component(std::size_t i) {
  return [i](const ErrorsOf& errors) { return errors.component[i]; };
}

/// Names the error of fields: two measures, that one must not take for one another.
const char* field_measure(const Report& report) {
  return report.exact ? "e_field" : "e_rates";
}

double drift(const MemberResult& m) {
  return m.trajectory ? m.e_energy : absent;
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
  if (certificates.empty()) return;
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
  for (const ParameterFit& fit : report.parameter_fits) {
    const bool quadratic = fit.quadratic > fit.linear;  // nothing is less than anything
    const std::optional<double> best = quadratic ? fit.quadratic : fit.linear;
    if (!fit.varies)
      std::printf("%s is the same in all members\n", fit.name.c_str());
    else if (best > 0)
      std::printf("latents tell %s by a %s map, R² %.4f (of members left out)\n", fit.name.c_str(),
                  quadratic ? "quadratic" : "linear", *best);
    else if (best)
      std::printf("latents do not tell %s\n", fit.name.c_str());
  }
}

/// JSON knows no infinity: a rollout that failed is null, and so is what does not apply.
nlohmann::json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? nlohmann::json(*value) : nlohmann::json();
}
nlohmann::json numbers(const std::vector<double>& values) {
  nlohmann::json list = nlohmann::json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

/// Adds the members' errors of one kind: NAME (each component relative to its own spread, together), its largest, by
/// component, and pooled over components as the benchmark protocol does.
template <class Of>
void add_errors(nlohmann::ordered_json& json, const Report& report, const std::string& name, Of of) {
  const Summary whole = summary(report, of(together)), all = summary(report, of(pooled));
  if (!whole.mean && !all.mean) return;
  json[name] = number(whole.mean);
  json[name + "_max"] = number(whole.largest);
  json[name + "_pooled"] = number(all.mean);
  json[name + "_pooled_max"] = number(all.largest);
  for (std::size_t i = 0; i < report.state_names.size(); ++i)
    json[name + "_component"][report.state_names[i]] = number(summary(report, of(component(i))).mean);
}

nlohmann::ordered_json as_json(const ErrorsOf& errors) {
  return {{"together", number(errors.together)},
          {"pooled", number(errors.pooled)},
          {"component", numbers(errors.component)}};
}

nlohmann::ordered_json as_json(const MemberResult& m, const Report& report) {
  nlohmann::ordered_json json{{"member", m.description}, {"mu", numbers(m.mu)}};
  if (report.request.modulation != "none") json["latent"] = numbers(m.latent);
  json["fit"] = number(std::sqrt(m.loss));
  if (m.status) json["status"] = describe(*m.status);
  if (m.field) json[field_measure(report)] = as_json(*m.field);
  if (m.trajectory) json["e_traj"] = as_json(*m.trajectory);
  json["e_energy"] = number(drift(m));
  if (m.min_dS) json["min_dS"] = number(*m.min_dS);
  return json;
}

/// Writes a cell of the table: a dash where nothing applies.
void print_cell(std::optional<double> value) {
  if (value && !std::isnan(*value))
    std::printf(" %10.5f", *value);
  else
    std::printf(" %10s", "-");
}

/// Returns the mean loss of the last twentieth of all steps.
double final_loss(const Report& report) {
  return mean_loss(report, report.loss.size() - report.loss.size() / 20);
}

/// Says how much of the motions' errors is noise of the measurements, where that can be seen.
std::string noise_text(const Report& report) {
  if (report.noise_share < 1e-3) return "";
  char text[80];
  std::snprintf(text, sizeof text, ", of which noise %.2g %%", 100 * report.noise_share);
  return text;
}

/// Says in one line whether it learned, and if it did not, what to try.
std::string verdict(const Report& report) {
  if (report.loss.empty() || report.members.empty()) return "no verdict: there is nothing to measure";
  const bool joint = report.request.modulation == "none";  // no latents: what all members have in common
  const bool by_rates = report.request.loss == "rates";
  const double trained = by_rates ? std::sqrt(final_loss(report)) : report.rate_error;
  const std::optional<double> motions = summary(report, of_trajectory(together)).mean;
  // Without rates to be off from, motions tell, whose errors grow over their length and are no less than their noise.
  std::optional<double> off = summary(report, of_field(together)).mean;
  const bool fields = off.has_value();
  if (!fields && motions) off = std::max(0.0, *motions - report.noise_share) / 2;
  if (!off) return "did not learn: nothing moves in the data of unseen members";
  const double unseen = *off;
  const double worse = joint ? unseen : std::max(trained, unseen);
  constexpr double learned = 0.1, in_part = 0.3;
  const auto percent = [](double error) {
    char text[32];
    std::snprintf(text, sizeof text, error < 0.1 ? "%.2g %%" : "%.0f %%", 100 * error);
    return std::string(text);
  };
  std::string errors = "rates off by " + percent(trained) + " of members trained on";
  if (fields) errors += ", by " + percent(unseen) + " of unseen ones";
  if (motions)
    errors += (fields ? ", whose motions by " : ", motions of unseen ones by ") + percent(*motions);
  errors += noise_text(report);
  if (worse <= learned) return "learned: " + errors;
  const std::size_t tenth = report.loss.size() / 10;
  const double now = mean_loss(report, report.loss.size() - tenth);
  const double before = mean_loss(report, report.loss.size() - 2 * tenth, tenth), first = report.loss[0][1];
  const bool rose = std::any_of(report.loss.begin(), report.loss.end(),
                                [&](const auto& row) { return row[1] > 4 * first; });
  std::string advice;
  if (joint)
    advice = "one set of weights for all members: take another --modulation";
  else if (trained <= learned)
    advice = "unseen members are unlike those trained on: more members, more --shots, or another --latent";
  else if (rose || (now > 0.9 * first && report.loss.size() >= 200))
    advice = "the loss rose or never fell: lower --lr and --latent-lr";
  else if (now < 0.9 * before || now > 0.8 * first || report.loss.size() < 200)
    advice = "the loss is still falling: more --steps";
  else
    advice = "the loss stands: noise, the order of components, friction (--entropies)?";
  return (worse <= in_part ? "learned in part: " : "did not learn: ") + errors + "; " + advice +
         " (docs/troubleshooting.md)";
}

/// Prints the tables: unseen members with their means, and certificates.
void print_table(const Report& report) {
  if (report.members.empty()) return;
  std::printf("\n%-44s %10s %10s %10s\n", "unseen member", "fit", field_measure(report), "e_traj");
  for (const MemberResult& m : report.members) {
    std::printf("%-44s %10.2e", m.description.c_str(), std::sqrt(m.loss));
    print_cell(of_field(together)(m));
    print_cell(of_trajectory(together)(m));
    std::printf("\n");
  }
  const auto print_row = [&](const std::string& name, const auto& pick, auto which) {
    std::printf("%-44s %10s", name.c_str(), "");
    print_cell(summary(report, of_field(pick)).*which);
    print_cell(summary(report, of_trajectory(pick)).*which);
    std::printf("\n");
  };
  print_row("mean", together, &Summary::mean);
  print_row("maximum", together, &Summary::largest);
  for (std::size_t i = 0; i < report.state_names.size(); ++i)
    print_row("mean of " + report.state_names[i] + " alone", component(i), &Summary::mean);
  const bool fields = summary(report, of_field(together)).mean.has_value();
  if (fields)
    std::printf("%s; each component is relative to its own size, e_traj to its spread\n",
                report.exact ? "e_field is the error on the exact field"
                             : "e_rates is the error on measured rates that adaptation has not seen");
  else
    std::printf("e_traj is the error on motions that adaptation has not seen, relative to their spread\n");
  if (report.noise_share >= 1e-3) {
    std::printf("noise of the states, which no prediction can be below:");
    for (std::size_t i = 0; i < report.noise.size(); ++i)
      std::printf(" %s %.3g (%.2g %% of its spread)", report.state_names[i].c_str(), report.noise[i],
                  100 * report.noise[i] / report.spread[i]);
    std::printf("\n");
  }
  std::map<std::string_view, int> statuses;
  for (const MemberResult& m : report.members)
    if (m.status) ++statuses[describe(*m.status)];
  for (const auto& [meaning, count] : statuses)
    std::printf("%d of %zu: %s\n", count, report.members.size(), std::string(meaning).c_str());
  if (const auto largest = summary(report, drift).largest)
    std::printf("largest drift of energy along predictions %.1e of its range\n", *largest);
  if (const auto gain = least_gain(report))
    std::printf("least gain of entropy between samples %.1e\n", *gain);
  print_certificates(report.certificates);
  for (const LongRun& run : report.long_runs) {
    std::printf("%s%-18s %td steps of %.2g: energy off by %.1e", &run == &report.long_runs[0] ? "\n" : "",
                run.scheme.c_str(), run.steps, run.step, run.drift);
    if (run.least_gain) std::printf(", least gain of entropy in a step %.1e", *run.least_gain);
    std::printf("\n");
  }
  print_identifiability(report);
  if (!report.sweep.empty()) {
    const std::string measure = field_measure(report);
    std::printf("\n%12s %22s %22s\n", "measurements", (measure + ", LM (time)").c_str(),
                (measure + ", Adam (time)").c_str());
    for (const SweepRow& row : report.sweep)
      std::printf("%12td %12.5f (%4.1f ms) %12.5f (%4.0f ms)\n", row.shots, row.lm, 1e3 * row.lm_seconds,
                  row.adam, 1e3 * row.adam_seconds);
  }
  std::printf(
      "\n%td parameters, trained in %.1f s, adapted to each unseen member from %td measurements in %.1f ms\n",
      report.parameters, report.train_seconds, report.shots, 1e3 * report.adapt_seconds);
}

/// Writes report.json.
void write_report(const std::filesystem::path& path, const Report& report) {
  const Request& request = report.request;
  nlohmann::ordered_json json{
      {"version", METRIPLEX_VERSION}, {"threads", thread_count()}, {"system", report.system}};
  // What the command line said, by its options' names.
  auto& options = json["options"];
  if (!request.system.empty()) options["system"] = request.system;
  if (!request.data.empty()) options["data"] = request.data;
  options["entropies"] = request.entropies;
  options["structure"] = request.structure;
  if (!request.angles.empty()) options["angles"] = request.angles;
  options["modulation"] = request.modulation;
  if (request.rank > 0) options["rank"] = request.rank;
  options["latent"] = request.latent;
  options["width"] = request.width;
  options["depth"] = request.depth;
  options["scalar"] = request.scalar;
  options["steps"] = request.steps;
  options["batch"] = request.batch;
  options["optimizer"] = request.optimizer;
  options["loss"] = request.loss;
  if (request.loss == "rollout") options["rollout-scheme"] = request.rollout_scheme;
  if (request.rollout_steps > 0) options["rollout-steps"] = request.rollout_steps;
  options["lr"] = request.rate.value_or(0);
  options["latent-lr"] = request.latent_rate;
  options["seed"] = request.seed;
  options["shots"] = request.shots;
  options["adapt"] = request.adapt;
  options["sweep"] = request.sweep;
  options["long-run"] = request.long_run;
  options["header"] = request.header;
  const ArrayNames usual;
  if (request.names.time != usual.time) options["time"] = request.names.time;
  if (request.names.states != usual.states) options["states"] = request.names.states;
  if (request.names.rates != usual.rates) options["rates"] = request.names.rates;
  if (request.names.member != usual.member) options["member"] = request.names.member;
  if (request.names.motion != usual.motion) options["motion"] = request.names.motion;
  if (!request.noise.empty()) options["noise"] = request.noise;
  if (!report.checksum.empty()) json["data_crc32"] = report.checksum;
  json["warnings"] = report.warnings;
  json["failures"] = report.failures;
  json["verdict"] = verdict(report);
  json["parameters"] = report.parameters;
  json["training_members"] = report.training_members;
  json["shots_used"] = report.shots;
  json["final_loss"] = number(final_loss(report));
  add_errors(json, report, field_measure(report), [](auto pick) { return of_field(pick); });
  add_errors(json, report, "e_traj", [](auto pick) { return of_trajectory(pick); });
  json["e_energy"] = number(summary(report, drift).largest);
  if (const auto gain = least_gain(report)) json["min_dS"] = number(*gain);
  json["noise"] = numbers(report.noise);
  json["train_seconds"] = report.train_seconds;
  json["adapt_seconds"] = report.adapt_seconds;
  for (const auto& [which, found] : report.certificates) {
    auto& entry = json["certificate"][which];
    entry["states"] = found.states;
    for (const auto& law : found.entries()) entry[std::string(law.name)] = number(law.value);
  }
  for (const LongRun& run : report.long_runs) {
    auto& entry = json["long_run"][run.scheme];
    entry = {{"steps", run.steps}, {"step", run.step}, {"drift", number(run.drift)}};
    if (run.least_gain) entry["least_gain"] = number(*run.least_gain);
  }
  if (report.effective_dimension)
    json["identifiability"]["effective_dimension"] = *report.effective_dimension;
  for (const ParameterFit& fit : report.parameter_fits) {
    auto& entry = json["identifiability"]["r_squared"][fit.name];
    entry["varies"] = fit.varies;
    if (fit.linear) entry["linear"] = number(*fit.linear);
    if (fit.quadratic) entry["quadratic"] = number(*fit.quadratic);
  }
  for (const SweepRow& row : report.sweep)
    json["sweep"].push_back({{"shots", row.shots},
                             {"lm", number(row.lm)},
                             {"adam", number(row.adam)},
                             {"lm_seconds", row.lm_seconds},
                             {"adam_seconds", row.adam_seconds}});
  for (const MemberResult& m : report.members) json["members"].push_back(as_json(m, report));
  using Json = nlohmann::ordered_json;
  write_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

int deliver(Report& report) {
  const Voice voice = report.request.voice;
  if (voice == Voice::progress) print_table(report);
  report.write("report.json", [&](const auto& path) { write_report(path, report); });
  report.attempt("pictures", [&] {
    for (const auto& picture : draw_pictures(report.request.out, report.pictures))
      if (picture.extension() != ".png") report.written.push_back(picture.filename().string());
  });
  if (voice == Voice::progress) {
    std::printf("\nwritten to %s:\n", report.request.out.c_str());
    for (const std::string& file : report.written) std::printf("  %s\n", file.c_str());
    std::printf("\n%s\n", verdict(report).c_str());
  } else if (voice == Voice::json_lines) {
    using Json = nlohmann::ordered_json;
    const Json line{
        {"verdict", verdict(report)}, {"out", report.request.out.string()}, {"written", report.written}};
    std::printf("%s\n", line.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  }
  if (report.failures.empty())
    prune_checkpoints(report.request.out, 0);  // all that they are for is done
  else if (!checkpoints_in(report.request.out).empty())
    report.failures.push_back("what failed can be done again from the last checkpoint: meta_train --resume " +
                              quote(report.request.out.string()));
  for (const std::string& failure : report.failures)
    std::fprintf(stderr, "meta_train: %s\n", failure.c_str());
  return report.failures.empty() ? 0 : 1;
}

std::string as_utf8(const std::string& text) {
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

}  // namespace metriplex::driver
