// Trains a small family on as many ranks as mpirun starts, and prints what all parameters and latents came to: the same text for any
// number of them (tests/driver/mpi.sh).

#include "metriplex/compat/mpi.hpp"

#include <cstdio>

#include "metriplex/core/bytes.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "support/oscillator_family.hpp"

using namespace metriplex;

int main(int argc, char** argv) {
  using Small = Model<Hamiltonian<2>, Mlp<Softplus, 2, 8, 1>, Svd<2>>;
  MPI_Init(&argc, &argv);
  {
    MpiRanks ranks;
    Small model(3);
    // Nine runs of 5 systems: systems that begin on one rank end on another.
    AutoDecoder<Small, Adam>(model, test::oscillator_family(5, 1100),
                             {.steps = 8, .points = 1030, .ranks = argc > 1 ? nullptr : &ranks})
        .run();
    const auto checksum = [](const auto& x) {
      return crc32(
          {reinterpret_cast<const char*>(x.data()), static_cast<std::size_t>(x.size()) * sizeof(double)});
    };
    const auto parameters = checksum(model.parameters()), latents = checksum(model.latents());
    const bool told = ranks.any(ranks.rank() == ranks.count() - 1);
    std::uint32_t of_first[2] = {parameters, latents};
    MPI_Bcast(of_first, 2, MPI_UINT32_T, 0, MPI_COMM_WORLD);
    if (!told || of_first[0] != parameters || of_first[1] != latents)
      std::printf("rank %d differs\n", ranks.rank());
    if (ranks.rank() == 0) std::printf("%08x %08x\n", parameters, latents);
  }
  MPI_Finalize();
}
