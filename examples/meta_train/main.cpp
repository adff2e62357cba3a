// Meta-trains modulated networks in a Hamiltonian or GENERIC structure on a family of systems, adapts it to unseen members, and
// reports how well it knows them: a table, a model file, pictures.

#include <cstdio>
#include <map>

#include "../command_line.hpp"
#include "../wait_passively.hpp"
#include "load_family.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "options.hpp"
#include "run.hpp"

using namespace metriplex;
using namespace metriplex::driver;

namespace {

using Runner = Report (*)(const Request&, const AnyFamily&);
const std::map<std::string, Runner> runners{
    {"none", run<None>},     {"shift", run<Shift>},   {"film", run<Film>}, {"fw", run<FullWeight>},
    {"ro", run<LowRank<1>>}, {"mr", run<LowRank<5>>}, {"svd", run<Svd<5>>}};

/// Trains, saves, measures, and says how it went; returns the exit status.
int train(const Request& request) {
  std::vector<std::string> files{"model.safetensors", "report.json", "loss.csv"};
  if (!request.header.empty()) files.push_back(request.header + ".hpp");
  prepare_directory(request.out, files);
  const AnyFamily family = load_family(request);
  std::visit(
      [](const auto& typed) {
        for (const std::string& warning : typed.warnings)
          std::fprintf(stderr, "meta_train: warning: %s\n", warning.c_str());
      },
      family);
  Report report = runners.at(request.modulation)(request, family);
  print_table(report);
  report.write("report.json", [&](const auto& path) { write_report(path, report); });
  report.attempt("pictures", [&] {
    for (const auto& picture : draw_pictures(request.out, report.pictures))
      if (picture.extension() != ".png") report.written.push_back(picture.filename().string());
  });
  std::printf("\nwritten to %s:\n", request.out.c_str());
  for (const std::string& file : report.written) std::printf("  %s\n", file.c_str());
  std::printf("\n%s\n", verdict(report).c_str());
  for (const std::string& failure : report.failures)
    std::fprintf(stderr, "meta_train: %s\n", failure.c_str());
  return report.failures.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  wait_passively(argv);
  Request request;
  CLI::App app(
      "Meta-trains a structure-preserving model on a family of systems and adapts it to unseen members.");
  std::vector<std::string> modulations;
  for (const auto& [name, runner] : runners) modulations.push_back(name);
  declare_options(app, request, modulations);
  return run_program(app, "meta_train", argc, argv, [&] {
    refuse_idle_options(app, request);
    return train(request);
  });
}
