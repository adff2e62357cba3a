#include "job.hpp"

#include <cstdlib>

#include "metriplex/core/error.hpp"
#ifdef METRIPLEX_MPI
#include "metriplex/compat/mpi.hpp"
#endif

namespace metriplex::driver {

namespace {

/// Whether a launcher of MPI's started this process: MPI_Init of one that was not takes a second, or fails.
bool launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMIX_RANK"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

}  // namespace

#ifdef METRIPLEX_MPI

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
void Job::end() {
  if (!processes_) return;
  processes_.reset();
  MPI_Finalize();
}

#else

struct Job::Processes {};

Job::Job(int*, char***) {
  require(!launched(),
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
void Job::end() {}

#endif

}  // namespace metriplex::driver
