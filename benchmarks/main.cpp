// Measures the library, and its peers beside it: one table, each row also as a fraction of what the core can do.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"
#include "peers.hpp"
#include "plan.hpp"
#include "run.hpp"
#include "summary.hpp"
#include "table.hpp"

using namespace metriplex;
using namespace metriplex::bench;

namespace {

struct Request {
  RunOptions run;
  std::string filter = ".", file;
  bool peers = false, list = false, serve = false;
};

void measure(const Request& request) {
  Plan plan = whole_plan();
  if (request.serve) return serve(plan, request.run);
  add_plain_peer(plan);
  if (request.peers) add_torch_peers(plan);
  keep(plan, request.filter);
  if (request.list) {
    for (const Row& row : plan.rows) std::puts(row.name.c_str());
    return;
  }
  // Minutes later would be too late to learn that there is no place for them.
  require(request.file.empty() || std::ofstream(request.file, std::ios::app),
          [&] { return "cannot write " + quote(request.file); });
  std::fprintf(stderr, "measuring %zu rows, %d times each, in random order ...\n", plan.rows.size(),
               request.run.repetitions);
  const std::vector<Line> table = lines(plan, run(plan, request.run));
  print_table(table);
  print_summary(table);
  if (!request.file.empty()) write_atomically(request.file, json(table));
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  CLI::App app("Measures the library: times, and fractions of the core's peak; medians of repetitions.");
  app.add_option("--json", request.file, "file to write the rows to");
  app.add_option("--filter", request.filter, "rows to measure: a regular expression for their names");
  app.add_flag("--peers", request.peers, "measure PyTorch and LibTorch beside them");
  app.add_option("--repetitions", request.run.repetitions, "of each row")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--min-time", request.run.min_time, "seconds of a repetition, at least")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app.add_flag("--list", request.list, "name the rows, and measure nothing");
  app.add_flag("--serve", request.serve,
               "measure rows that are named on standard input, as a peer of another program");
  CLI11_PARSE(app, argc, argv);
  try {
    measure(request);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
