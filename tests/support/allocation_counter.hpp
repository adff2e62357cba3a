#pragma once

#include <cstddef>

/// Counts the memory allocations of this thread since it was built: malloc and its kin, hence operator new
/// and Eigen.
class AllocationCounter {
 public:
  AllocationCounter() : before_(total()), bytes_before_(total_bytes()) {}
  std::size_t count() const { return total() - before_; }

  /// Is what was asked for, whether or not it was given back since.
  std::size_t bytes() const { return total_bytes() - bytes_before_; }

 private:
  static std::size_t total();
  static std::size_t total_bytes();

  std::size_t before_, bytes_before_;
};
