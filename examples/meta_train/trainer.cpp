// Trains one combination: the macros are parts of METRIPLEX_COMBINATION, its name. meta_train compiles it and starts it with
// its own arguments.

#include <csignal>
#include <optional>

#include "../wait_passively.hpp"
#include "combination.hpp"
#include "job.hpp"
#include "load_family.hpp"
#include "options.hpp"
#include "results_directory.hpp"
#include "runner.hpp"
#include "trained.hpp"

using namespace metriplex;
using namespace metriplex::driver;

int main(int argc, char** argv) {
  wait_passively(argv);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error like a full disk
  std::optional<Job> started;     // beyond the line that says what went wrong
  return run_driver(argc, argv, [&](Request& request) {
    Job& job = started.emplace(&argc, &argv);
    const Combination asked = combination_of(request);
    require(asked.name() == METRIPLEX_COMBINATION, [&] {
      return "expected arguments for " METRIPLEX_COMBINATION ", got some for " + asked.name() +
             ": start meta_train, which chooses";
    });
    request.structure = asked.structure;
    request.rank = asked.rank;
    request.loss = asked.loss;
    if (job.first()) {
      lock_directory(request.out);
      prepare_directory(request);
    }
    job.meet();  // before anything is written there
    if (!job.first()) request.voice = Voice::quiet;
    const Family<dim> family = load_family<dim>(request);
    for (const std::string& warning : job.first() ? family.warnings : std::vector<std::string>())
      std::fprintf(stderr, "meta_train: warning: %s\n", warning.c_str());
    Report report = run<METRIPLEX_LOSS, Trained>(request, family, job);
    return deliver(report);
  });
}
