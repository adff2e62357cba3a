#include "peers.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "metriplex/core/error.hpp"
#include "process.hpp"

namespace metriplex::bench {
namespace {

using Peer = std::shared_ptr<Process>;

/// Adds the peer's version of a row, if there is such a row.
void compare(Plan& plan, const std::string& row, const std::string& peer, const Peer& process) {
  const auto same = [&](const Row& candidate) { return candidate.name == row; };
  if (std::find_if(plan.rows.begin(), plan.rows.end(), same) == plan.rows.end()) return;
  const std::string name = row + " by " + peer;
  plan.rows.push_back({.name = name, .ask = [=] { return process->ask(row); }});
  plan.comparisons.push_back({row, peer, name});
}

}  // namespace

void add_plain_peer(Plan& plan) {
  const std::string program = METRIPLEX_BENCH_PROGRAMS "/bench_plain";
  if (!std::filesystem::exists(program)) return;
  const auto plain = std::make_shared<Process>("plain -O2", std::vector<std::string>{program, "--serve"}, 1);
  for (const std::string scalar : {"f64", "f32"})
    for (const std::string& row : {"train_step/" + scalar + "/w64/mr/70x64", "field/" + scalar + "/w64",
                                   "field_batch/" + scalar + "/w64/4096"})
      compare(plan, row, "plain -O2", plain);
}

void add_torch_peers(Plan& plan) {
  const std::vector<std::string> train{"/usr/bin/python3", METRIPLEX_BENCH_SOURCE "/peers/train_step.py"};
  const auto torch = std::make_shared<Process>("PyTorch", train, 1);
  std::vector<std::string> steps;
  for (const Row& row : plan.rows)
    if (!row.ask && row.name.starts_with("train_step/")) steps.push_back(row.name);
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  for (const std::string& row : steps) {
    if (row.find("/threads") == std::string::npos)
      compare(plan, row, "PyTorch", torch);
    else
      compare(plan, row, "PyTorch", std::make_shared<Process>("PyTorch", train, cores));
  }
  for (const std::string row : {"adapt/adam/f64/w64/50", "adapt/lm/f64/w64/50"})
    compare(plan, row, "PyTorch", torch);
  for (const std::string way : {"by hand", "autograd"}) {
    const std::string peer = "LibTorch, " + way;
    const std::vector<std::string> field{METRIPLEX_BENCH_PROGRAMS "/bench_libtorch", way};
    const auto libtorch = std::make_shared<Process>(peer, field, 1);
    for (const std::string scalar : {"f64", "f32"})
      for (const std::string width : {"w32", "w64", "w128"})
        compare(plan, "field/" + scalar + "/" + width, peer, libtorch);
  }
}

}  // namespace metriplex::bench
