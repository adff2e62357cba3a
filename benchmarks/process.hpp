#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace metriplex::bench {

/// Another program that measures: it is asked with a row's name, one a line, and answers with seconds.
///
/// A process of its own, so that no two libraries share an OpenMP or a BLAS; it runs until it is destroyed,
/// and sleeps when it is not asked.
class Process {
 public:
  /// Starts a command with a number of threads for its OpenMP and BLAS; waits until it says "ready".
  ///
  /// Errors: a command that does not start, or says something else.
  Process(std::string name, const std::vector<std::string>& command, int threads);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Returns the seconds of one operation of a row.
  ///
  /// Errors: an answer that is not a number.
  double ask(const std::string& row);

 private:
  std::string answer();

  std::string name_;
  pid_t id_ = 0;
  std::FILE *to_ = nullptr, *from_ = nullptr;
};

}  // namespace metriplex::bench
