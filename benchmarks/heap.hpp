#pragma once

#include <cstddef>

/// Counts what is on the heap: malloc and its kin, hence operator new and Eigen.
namespace metriplex::bench::heap {

/// Starts to count, from zero.
void reset();
/// Lets the peak begin anew at what is on the heap now.
void forget_peak();
/// Returns the most bytes that were on the heap at once beyond those at `reset`; stops to count.
std::size_t peak();

}  // namespace metriplex::bench::heap
