// Shows what each integrator keeps of what a model promises: energy over a million steps, error against work, on a
// learned pendulum and on two bodies; tables and pictures.

#include <cstdio>

#include "../command_line.hpp"
#include "../wait_passively.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"
#include "pictures.hpp"
#include "progress.hpp"
#include "report.hpp"

using namespace metriplex;
using namespace metriplex::show;
namespace fs = std::filesystem;

namespace {

void declare(CLI::App& app, Request& request, bool& quick) {
  const auto count = whole(Index{1}, Index{1'000'000'000});
  app.add_option("--steps", request.steps, "steps of each long run of the learned pendulum, and of each top")
      ->transform(count)
      ->capture_default_str();
  app.add_option("--dt", request.dt, "size of those steps")->transform(positive())->capture_default_str();
  app.add_option("--periods", request.periods, "periods of each long run of two bodies")
      ->transform(count)
      ->capture_default_str();
  app.add_option("--steps-per-period", request.steps_per_period, "steps in each of them")
      ->transform(count)
      ->capture_default_str();
  app.add_option("--training-steps", request.training_steps, "steps of training, for each learned field")
      ->transform(count)
      ->capture_default_str();
  app.add_option("--coupling", request.coupling, "between Tao's copies of the learned pendulum")
      ->transform(positive(/*or_zero=*/true))
      ->capture_default_str();
  app.add_option("--kepler-coupling", request.kepler_coupling, "and of the two bodies")
      ->transform(positive(/*or_zero=*/true))
      ->capture_default_str();
  app.add_option("--seed", request.seed, "of the pendulum, the first weights and the batches")
      ->transform(whole(std::uint64_t{0}))
      ->capture_default_str();
  app.add_option("--out", request.out, "directory for tables (CSV) and pictures")->capture_default_str();
  app.add_option("--page", request.page,
                 "a page to fill with the tables; the pictures go to images/ beside it")
      ->check(CLI::ExistingFile);
  app.add_flag("--quick", quick, "a few steps of everything, to see that it works");
}

/// Makes the directory and tries it out, so that minutes are not lost to a typing error.
void prepare(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  require(fs::is_directory(directory), [&] {
    return "expected a directory to write to, got '" + directory.string() + "' (" +
           (error ? error.message() : "not a directory") + ")";
  });
  write_atomically(directory / ".trial", "");
  fs::remove(directory / ".trial", error);
}

Report measure(const Request& request) {
  const LearnedPendulum pendulum = learn_pendulum(request);
  Report report{request,
                pendulum.whole_error,
                pendulum.split_error,
                pendulum.seconds,
                pendulum.measurements,
                pendulum_runs(pendulum, request),
                kepler_runs(request),
                bracket_runs(request),
                pendulum_work(pendulum, request),
                kepler_work(request),
                pendulum_couplings(pendulum, request),
                kepler_couplings(request)};
  end_progress();
  return report;
}

void fill(const fs::path& page, const std::vector<Table>& tables, const std::vector<fs::path>& pictures) {
  write_atomically(page, fill_page(read_file(page), tables));
  const fs::path images = fs::absolute(page).parent_path() / "images";
  fs::create_directories(images);
  for (const fs::path& picture : pictures)
    fs::copy_file(picture, images / picture.filename(), fs::copy_options::overwrite_existing);
}

void show_all(const Request& request) {
  prepare(request.out);
  if (!request.page.empty())
    fill_page(read_file(request.page), tables_of({}));  // names that no table has end it here
  const Report report = measure(request);
  std::printf("one pendulum, learned from %td measurements in %.0f s\n", report.measurements,
              report.training_seconds);
  const std::vector<Table> tables = tables_of(report);
  for (const Table& table : tables) {
    std::printf("\n%s\n", as_text(table).c_str());
    write_atomically(request.out / (table.name + ".csv"), as_csv(table));
  }
  const auto pictures = draw_pictures(request.out, report);
  if (!request.page.empty()) fill(request.page, tables, pictures);
  std::printf("tables and pictures: %s\n", request.out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  wait_passively(argv);
  Request request;
  bool quick = false;
  CLI::App app("Shows what each integrator keeps, on a learned pendulum and on two bodies.");
  declare(app, request, quick);
  return run_program(app, "integrators", argc, argv, [&] {
    if (quick) {
      request.steps = 200;
      request.periods = 2;
      request.training_steps = 20;
      request.most_evaluations = 1000;
    }
    show_all(request);
    return 0;
  });
}
