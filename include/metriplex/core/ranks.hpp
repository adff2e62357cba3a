#pragma once

#include <cstddef>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Processes that share out a sum, each a part of its terms, so that all have it to the bit as one process adds it up: in the order of
/// ranks, whatever their number. (Sums that a library adds up in an order of its own differ in their last bits, from rank to rank
/// too.)
class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual int rank() const = 0;
  virtual int count() const = 0;

  /// Waits for what the ranks before this one have come to, and puts it here; the first gets nothing.
  virtual void receive(void* sum, std::size_t bytes) = 0;
  /// Hands what this rank has come to on to the next.
  virtual void pass_on(const void* sum, std::size_t bytes) = 0;
  /// Gives all ranks what the last has come to.
  virtual void share(void* sum, std::size_t bytes) = 0;

  /// Returns where the terms of this rank begin, of `terms`; those of the next begin where they end.
  Index first(Index terms, int rank) const { return terms * rank / count(); }
};

}  // namespace metriplex
