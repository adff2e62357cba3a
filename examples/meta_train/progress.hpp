#pragma once

#include <chrono>
#include <cstddef>

#include "request.hpp"

namespace metriplex::driver {

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Shows how training goes: one live line on a terminal, one line every tenth elsewhere, or JSON on standard output twice a second.
class ProgressLine {
 public:
  /// `done` steps were taken before.
  explicit ProgressLine(Voice voice, std::ptrdiff_t done = 0);
  void update(std::ptrdiff_t step, std::ptrdiff_t steps, double loss);

 private:
  Voice voice_;
  std::ptrdiff_t done_;
  bool terminal_;
  Stopwatch watch_;
  double shown_ = -1, smooth_ = 0;
};

}  // namespace metriplex::driver
