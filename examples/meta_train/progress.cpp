#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace metriplex::driver {

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::update(std::ptrdiff_t step, std::ptrdiff_t steps, double loss) {
  // Geometric mean of the last hundred or so: single batches jump.
  const double log_loss = std::log(std::max(loss, 1e-300));
  smooth_ = step == 1 ? log_loss : smooth_ + 0.02 * (log_loss - smooth_);
  const double now = watch_.seconds();
  const bool tenth = step * 10 / steps != (step - 1) * 10 / steps;
  if (step != steps && (terminal_ ? now - shown_ < 0.1 : !tenth)) return;
  shown_ = now;
  const double rate = static_cast<double>(step) / now;
  std::fprintf(stderr, "%sstep %td/%td   loss %.2e   %.0f steps/s   %.0f s left   %s", terminal_ ? "\r" : "",
               step, steps, std::exp(smooth_), rate, static_cast<double>(steps - step) / rate,
               terminal_ && step != steps ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace metriplex::driver
