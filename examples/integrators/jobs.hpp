#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "metriplex/core/threads.hpp"
#include "progress.hpp"

namespace metriplex::show {

/// Collects pieces of work, one a scheme, and does them on all threads; none may throw.
template <class Result>
class Jobs {
 public:
  explicit Jobs(std::string what) : what_(std::move(what)) {}

  void add(std::string name, std::function<Result()> job) {
    jobs_.push_back({std::move(name), std::move(job)});
  }

  /// Returns the results in the order of the jobs.
  std::vector<Result> run() {
    std::vector<Result> results(jobs_.size());
    std::mutex mutex;
    std::size_t done = 0;
    parallel_for(static_cast<Index>(jobs_.size()), [&](Index i, int) {
      const auto k = static_cast<std::size_t>(i);
      results[k] = jobs_[k].work();
      const std::lock_guard lock(mutex);
      progress(what_ + ": " + std::to_string(++done) + "/" + std::to_string(jobs_.size()) + ", " +
               jobs_[k].name);
    });
    return results;
  }

 private:
  struct Job {
    std::string name;
    std::function<Result()> work;
  };
  std::string what_;
  std::vector<Job> jobs_;
};

}  // namespace metriplex::show
