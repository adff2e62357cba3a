#pragma once

#if !__has_include(<mpi.h>)
#error "compat/mpi.hpp needs MPI: install it (Debian: libopenmpi-dev) and link MPI::MPI_CXX"
#endif

// MPI's own C++ bindings, which it deprecated, are not needed, and warn.
#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1
#endif
#ifndef MPICH_SKIP_MPICXX
#define MPICH_SKIP_MPICXX 1
#endif
#include <mpi.h>

#include <algorithm>
#include <cstddef>

#include "metriplex/core/error.hpp"
#include "metriplex/core/ranks.hpp"

namespace metriplex {

/// The processes of an MPI communicator, among which training shares out each step: give it to `AutoDecoder` as `options.ranks`.
///
/// Math: rank r adds its terms to the sum that rank r − 1 sends, and sends it on; the last broadcasts. One process' order of additions,
/// thus its bits, for any number of ranks, with messages of the sum's size; `MPI_Allreduce` promises neither.
/// Cost: as many messages one after the other as there are ranks, and a broadcast; docs/reliability.md says how far that scales.
/// Errors: MPI that is not initialised. A rank that fails ends the job, as MPI does.
class MpiRanks final : public Ranks {
 public:
  explicit MpiRanks(MPI_Comm communicator = MPI_COMM_WORLD) : communicator_(communicator) {
    int initialised = 0;
    MPI_Initialized(&initialised);
    require(initialised != 0, "expected MPI_Init before MpiRanks, got none");
    MPI_Comm_rank(communicator, &rank_);
    MPI_Comm_size(communicator, &count_);
  }

  int rank() const override { return rank_; }
  int count() const override { return count_; }

  void receive(void* sum, std::size_t bytes) override {
    if (rank_ == 0) return;
    pieces(static_cast<char*>(sum), bytes, [&](void* piece, int size) {
      MPI_Recv(piece, size, MPI_BYTE, rank_ - 1, tag, communicator_, MPI_STATUS_IGNORE);
    });
  }
  void pass_on(const void* sum, std::size_t bytes) override {
    if (rank_ + 1 == count_) return;
    pieces(static_cast<const char*>(sum), bytes, [&](const void* piece, int size) {
      MPI_Send(piece, size, MPI_BYTE, rank_ + 1, tag, communicator_);
    });
  }
  void share(void* sum, std::size_t bytes) override {
    pieces(static_cast<char*>(sum), bytes,
           [&](void* piece, int size) { MPI_Bcast(piece, size, MPI_BYTE, count_ - 1, communicator_); });
  }

  /// Whether it is so on any rank; all are told the same.
  bool any(bool here) const {
    int flag = here ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &flag, 1, MPI_INT, MPI_MAX, communicator_);
    return flag != 0;
  }

 private:
  static constexpr int tag = 0;

  /// Messages have int sizes.
  template <class Bytes, class Send>
  static void pieces(Bytes* sum, std::size_t bytes, Send&& send) {
    constexpr std::size_t most = std::size_t{1} << 30;
    for (std::size_t at = 0; at < bytes; at += most)
      send(sum + at, static_cast<int>(std::min(most, bytes - at)));
  }

  MPI_Comm communicator_;
  int rank_ = 0, count_ = 1;
};

}  // namespace metriplex
