#pragma once

#include <csignal>

namespace metriplex::driver {

/// Notes SIGINT and SIGTERM while it lives, so that work ends where it can go on from; a second one ends the program at once.
class StopSignals {
 public:
  StopSignals() {
    caught = 0;
    for (int i = 0; i < 2; ++i) {
      before_[i] = std::signal(numbers[i], note);
      if (before_[i] == SIG_IGN) std::signal(numbers[i], SIG_IGN);  // as whoever started the program wants
    }
  }
  ~StopSignals() {
    for (int i = 0; i < 2; ++i) std::signal(numbers[i], before_[i]);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  bool stop() const { return caught != 0; }

  /// Ends the program by the signal that came, as whoever sent it expects.
  [[noreturn]] static void end() {
    std::signal(caught, SIG_DFL);
    std::raise(caught);
    std::_Exit(128 + caught);
  }

 private:
  static constexpr int numbers[] = {SIGINT, SIGTERM};
  static inline volatile std::sig_atomic_t caught = 0;

  static void note(int number) {
    caught = number;
    std::signal(number, SIG_DFL);
  }

  void (*before_[2])(int);
};

}  // namespace metriplex::driver
