#include "run.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "metriplex/core/error.hpp"
#include "metriplex/core/threads.hpp"

namespace metriplex::bench {
namespace {

/// Collects the times of repetitions.
class Collector : public benchmark::BenchmarkReporter {
 public:
  std::map<std::string, std::vector<double>> seconds;
  std::string error;

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) {
        error = run.run_name.function_name + ": " + run.error_message;
      } else if (run.run_type == Run::RT_Iteration) {
        seconds[run.run_name.function_name].push_back(run.real_accumulated_time /
                                                      static_cast<double>(run.iterations));
      }
    }
  }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t count = values.size();
  return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

void set_threads([[maybe_unused]] int count) {
#ifdef _OPENMP
  omp_set_num_threads(count);
#endif
}

/// Runs one repetition of a row, as Google Benchmark asks for it; its work is made at the first.
void repeat(benchmark::State& state, const Row& row, std::function<void()>& work) try {
  set_threads(row.threads);
  if (row.ask) {
    for (auto _ : state) state.SetIterationTime(row.ask());
    return;
  }
  if (!work) {
    work = row.prepare();
    if (!row.once) work();  // warms up
  }
  for (auto _ : state) work();
  if (row.once) work = nullptr;
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

}  // namespace

std::map<std::string, double> run(Plan& plan, const RunOptions& options) {
  std::string arguments[] = {"bench", "--benchmark_enable_random_interleaving=true",
                             "--benchmark_repetitions=" + std::to_string(options.repetitions),
                             "--benchmark_min_time=" + std::to_string(options.min_time)};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  auto argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());

  std::deque<std::function<void()>> works;
  for (const Row& row : plan.rows) {
    auto& work = works.emplace_back();
    auto* timed = benchmark::RegisterBenchmark(
        row.name.c_str(), [&row, &work](benchmark::State& state) { repeat(state, row, work); });
    if (row.ask) {
      timed->UseManualTime()->Iterations(1);
    } else {
      timed->UseRealTime();
      if (row.once) timed->Iterations(1);
    }
    if (row.once) {
      timed->Repetitions(1);
    } else if (row.repetitions > 0) {
      timed->Iterations(1)->Repetitions(std::min(row.repetitions, options.repetitions));
    }
  }
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  require(collector.error.empty(), [&] { return collector.error; });

  std::map<std::string, double> result;
  for (const Row& row : plan.rows) {
    const std::vector<double>& times = collector.seconds.at(row.name);
    const double time = row.best ? *std::min_element(times.begin(), times.end()) : median(times);
    result[row.name] = time / static_cast<double>(row.operations);
  }
  return result;
}

void serve(Plan& plan, const RunOptions& options) {
  std::map<std::string, std::function<void()>> works;
  std::puts("ready");
  std::fflush(stdout);
  for (std::string name; std::getline(std::cin, name); std::fflush(stdout)) {
    const auto row = std::find_if(plan.rows.begin(), plan.rows.end(),
                                  [&](const Row& candidate) { return candidate.name == name; });
    if (row == plan.rows.end()) {
      std::printf("there is no row %s\n", name.c_str());
      continue;
    }
    set_threads(row->threads);
    auto& work = works[name];
    if (!work) {
      work = row->prepare();
      work();
    }
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    double seconds = 0, runs = 0;
    do {
      work();
      ++runs;
      seconds = std::chrono::duration<double>(Clock::now() - start).count();
    } while (seconds < options.min_time);
    std::printf("%.9g\n", seconds / runs / static_cast<double>(row->operations));
  }
}

}  // namespace metriplex::bench
