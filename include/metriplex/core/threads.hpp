#pragma once

#include "metriplex/core/types.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace metriplex {

/// Returns how many threads `parallel_for` may use: OpenMP's setting, or 1 without OpenMP.
inline int thread_count() {
#ifdef _OPENMP
  return omp_get_max_threads();
#else
  return 1;
#endif
}

/// Calls body(i, worker) for i = 0 … count−1 on all threads; `worker` < `thread_count()` picks a workspace.
///
/// Which worker gets which i is open. Results stay the same bits for any number of threads if each i writes
/// its own place and the places are summed in a fixed order afterwards.
/// Errors: the body must not throw.
template <class Body>
void parallel_for(Index count, Body&& body) {
#ifdef _OPENMP
  if (count > 1 && thread_count() > 1) {
#pragma omp parallel for schedule(dynamic, 1)
    for (Index i = 0; i < count; ++i) body(i, omp_get_thread_num());
    return;
  }
#endif
  for (Index i = 0; i < count; ++i)
    body(i, 0);  // one thread alone enters no OpenMP, whose regions may allocate
}

}  // namespace metriplex
