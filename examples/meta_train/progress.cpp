#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace metriplex::driver {

ProgressLine::ProgressLine(Voice voice, std::ptrdiff_t done)
    : voice_(voice), done_(done), terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::update(std::ptrdiff_t step, std::ptrdiff_t steps, double loss) {
  if (voice_ == Voice::quiet) return;
  // Geometric mean of the last hundred or so: single batches jump.
  const double log_loss = std::log(std::max(loss, 1e-300));
  smooth_ = step == done_ + 1 ? log_loss : smooth_ + 0.02 * (log_loss - smooth_);
  const double now = watch_.seconds();
  const bool json = voice_ == Voice::json_lines;
  const bool due = json        ? now - shown_ >= 0.5
                   : terminal_ ? now - shown_ >= 0.1
                               : step * 10 / steps != (step - 1) * 10 / steps;
  if (step != steps && !due) return;
  shown_ = now;
  const double rate = static_cast<double>(step - done_) / now;
  const double left = static_cast<double>(steps - step) / rate;
  if (json) {
    std::printf(
        "{\"step\": %td, \"steps\": %td, \"loss\": %.6e, \"steps_per_second\": %.1f, \"seconds_left\": "
        "%.1f}\n",
        step, steps, std::exp(smooth_), rate, left);
    std::fflush(stdout);
    return;
  }
  constexpr std::ptrdiff_t width = 20;
  const auto filled = static_cast<std::size_t>(step * width / steps);
  const std::string bar = "[" + std::string(filled, '#') + std::string(width - filled, '.') + "] ";
  std::fprintf(stderr, "%sstep %td/%td   loss %.2e   %.0f steps/s   %.0f s left   %s",
               terminal_ ? ("\r" + bar).c_str() : "", step, steps, std::exp(smooth_), rate, left,
               terminal_ && step != steps ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace metriplex::driver
