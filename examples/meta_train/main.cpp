// Meta-trains modulated networks in a Hamiltonian or GENERIC structure on a family of systems, adapts it to unseen members, and
// reports how well it knows them: a table, a model file, pictures.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "../wait_passively.hpp"
#include "load_family.hpp"
#include "metriplex/io/model_header.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/systems/benchmark_systems.hpp"
#include "run.hpp"

using namespace metriplex;
using namespace metriplex::driver;

namespace {

using Runner = Report (*)(const Request&, const AnyFamily&);
const std::map<std::string, Runner> runners{
    {"none", run<None>},     {"shift", run<Shift>},   {"film", run<Film>}, {"fw", run<FullWeight>},
    {"ro", run<LowRank<1>>}, {"mr", run<LowRank<5>>}, {"svd", run<Svd<5>>}};

/// Reads the command line; `parse` may throw CLI's own errors.
void declare(CLI::App& app, Request& request) {
  std::vector<std::string> systems, modulations;
  for_each_system([&]<class S>() { systems.emplace_back(S::name); });
  for (const auto& [name, runner] : runners) modulations.push_back(name);
  std::vector<int> widths;
  [&]<int... W>(std::integer_sequence<int, W...>) {
    (widths.push_back(W), ...);
  }
  (Widths{});

  app.add_option("--system", request.system,
                 "a known system: its family is generated, its exact field is the measure")
      ->check(CLI::IsMember(systems));
  app.add_option("--data", request.data, "measured trajectories: arrays t, X, dX and perhaps mu of an .npz");
  app.add_option("--entropies", request.entropies,
                 "with --data: how many components of the states, at their end, are entropies")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  app.add_option("--modulation", request.modulation, "how a latent modulates the network")
      ->check(CLI::IsMember(modulations))
      ->capture_default_str();
  const auto count = CLI::Range(Index{1}, Index{1'000'000'000});
  app.add_option("--latent", request.latent, "dimensions of the latent")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--steps", request.steps, "training steps")->check(count)->capture_default_str();
  app.add_option("--batch", request.batch, "points of each system in a step")
      ->check(count)
      ->capture_default_str();
  app.add_option("--lr", request.rate, "learning rate of the weights")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--latent-lr", request.latent_rate, "learning rate of the latents")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--shots", request.shots, "measurements to adapt to an unseen member from")
      ->check(count)
      ->capture_default_str();
  app.add_option("--adapt", request.adapt,
                 "how to find an unseen member's latent: Levenberg-Marquardt, or gradient descent")
      ->check(CLI::IsMember({"lm", "adam"}))
      ->capture_default_str();
  app.add_flag("--sweep", request.sweep,
               "also adapt from 1, 2, 3, 5, 10 and 50 measurements, by either way, and compare");
  app.add_option("--long-run", request.long_run,
                 "steps, four samples long each, to integrate the first unseen member for, by two schemes")
      ->check(CLI::Range(Index{0}, Index{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--seed", request.seed, "of the family, the first weights and the batches")
      ->capture_default_str();
  app.add_option("--scalar", request.scalar, "number type")
      ->check(CLI::IsMember({"f64", "f32"}))
      ->capture_default_str();
  app.add_option("--width", request.width, "units of each of the three hidden layers")
      ->check(CLI::IsMember(widths))
      ->capture_default_str();
  app.add_option("--header", request.header,
                 "also write the model as a header of constants, with this name as its namespace")
      ->check([](const std::string& name) {
        return is_identifier(name) ? std::string() : "expected an identifier, got " + quote(name);
      });
  app.add_option("--out", request.out, "directory for the model, report.json, loss.csv and the pictures")
      ->required();
}

int train(const Request& request) {
  prepare_directory(request.out);
  const AnyFamily family = load_family(request);
  const Report report = runners.at(request.modulation)(request, family);
  print_table(report);
  write_report(report);
  std::printf("\nwritten to %s:\n  model.safetensors\n  report.json\n  loss.csv\n", request.out.c_str());
  if (!request.header.empty()) std::printf("  %s.hpp\n", request.header.c_str());
  for (const auto& picture : draw_pictures(request.out, report.pictures))
    if (picture.extension() != ".png") std::printf("  %s\n", picture.filename().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  wait_passively(argv);
  Request request;
  CLI::App app(
      "Meta-trains a structure-preserving model on a family of systems and adapts it to unseen members.");
  declare(app, request);
  try {
    app.parse(argc, argv);
    return train(request);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr, "meta_train: %s (--help lists the options)\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "meta_train: %s\n", error.what());
    return 1;
  }
}
