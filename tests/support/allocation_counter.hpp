#pragma once

#include <cstddef>

/// Counts the memory allocations of this thread since it was built: malloc and its kin, hence operator new
/// and Eigen.
class AllocationCounter {
 public:
  AllocationCounter() : before_(total()) {}
  std::size_t count() const { return total() - before_; }

 private:
  static std::size_t total();

  std::size_t before_;
};
