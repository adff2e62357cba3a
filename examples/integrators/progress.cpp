#include "progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace metriplex::show {

void progress(const std::string& text) {
  static const bool terminal = isatty(STDERR_FILENO) != 0;
  std::fprintf(stderr, terminal ? "\r%-78s" : "%s\n", text.c_str());
  std::fflush(stderr);
}

void end_progress() {
  if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r%-78s\r", "");
}

}  // namespace metriplex::show
