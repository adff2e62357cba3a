#include "job.hpp"

#include <cstdlib>

#include "metriplex/core/error.hpp"
#ifdef METRIPLEX_MPI
#include "metriplex/compat/mpi.hpp"
#endif

namespace metriplex::driver {

#ifdef METRIPLEX_MPI

namespace {

/// Whether a launcher of MPI's started this process: MPI_Init of one that was not takes a second, or fails.
bool launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMIX_RANK"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

}  // namespace

struct Job::Processes {
  MpiRanks ranks;
};

Job::Job(int* argc, char*** argv) {
  if (!launched()) return;
  MPI_Init(argc, argv);
  processes_ = std::make_unique<Processes>();
}
Job::~Job() {
  if (processes_) MPI_Abort(MPI_COMM_WORLD, 1);
}
Ranks* Job::ranks() {
  return processes_ ? &processes_->ranks : nullptr;
}
bool Job::first() const {
  return !processes_ || processes_->ranks.rank() == 0;
}
bool Job::any(bool here) const {
  return processes_ ? processes_->ranks.any(here) : here;
}
bool Job::same(std::uint32_t number) const {
  if (!processes_) return true;
  std::uint32_t of_first = number;
  MPI_Bcast(&of_first, 1, MPI_UINT32_T, 0, MPI_COMM_WORLD);
  return !processes_->ranks.any(of_first != number);
}
void Job::end() {
  if (!processes_) return;
  processes_.reset();
  MPI_Finalize();
}

#else

struct Job::Processes {};

Job::Job(int*, char***) {
  bool several = false;
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const char* const size = std::getenv(name)) several = several || std::atoi(size) > 1;
  require(!several,
          "expected a meta_train that was built with MPI (Debian: libopenmpi-dev), got one without");
}
Job::~Job() = default;
Ranks* Job::ranks() {
  return nullptr;
}
bool Job::first() const {
  return true;
}
bool Job::any(bool here) const {
  return here;
}
bool Job::same(std::uint32_t) const {
  return true;
}
void Job::end() {}

#endif

}  // namespace metriplex::driver
