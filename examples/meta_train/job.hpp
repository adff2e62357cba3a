#pragma once

#include <cstdint>
#include <memory>

#include "metriplex/core/ranks.hpp"

namespace metriplex::driver {

/// The processes that train together: those that mpirun started, where the program was built with MPI, else this one alone.
///
/// Errors: a program that mpirun started, and that was built without MPI. One that ends without `end` ends the others too.
class Job {
 public:
  Job(int* argc, char*** argv);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Among whom steps are shared out; null: alone.
  Ranks* ranks();
  /// Whether this is the process that reports and writes.
  bool first() const;
  /// Whether it is so in any of them; all are told the same.
  bool any(bool here) const;
  /// Whether they all have the same number.
  bool same(std::uint32_t number) const;
  /// Waits for all.
  void meet() const { any(false); }
  /// Ends the common work.
  void end();

 private:
  struct Processes;
  std::unique_ptr<Processes> processes_;
};

}  // namespace metriplex::driver
