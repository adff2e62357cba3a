#pragma once

#if defined(_OPENMP) && defined(__linux__)
#include <unistd.h>

#include <cstdlib>
#endif

/// Starts the program anew with OMP_WAIT_POLICY=passive, unless the user has set how threads wait.
///
/// Threads that wait for one another turn in loops by default, and on a busy machine take the cores from those that they
/// wait for. OpenMP reads the setting before main and has no other.
inline void wait_passively([[maybe_unused]] char** argv) {
#if defined(_OPENMP) && defined(__linux__)
  if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv("/proc/self/exe", argv);  // returns only where that cannot be done, and all is as before
#endif
}
