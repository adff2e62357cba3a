#!/usr/bin/env bash
# Open MPI 4.1.4 (Debian 12, openmpi-bin 4.1.4-3+b1): MPI_Allreduce adds up in another order at other places of the array. A thousand
# numbers that are all the same on each of three ranks come to sums of which a third differ from the rest in the last bit; four
# numbers, or a hundred thousand, all come to the same. The standard asks for the same result on all ranks and recommends the same
# order whenever the arguments are the same; it says nothing of places.
# Expected: equal columns, equal sums. So gradients that must be the same bits however many ranks share them out cannot use it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq download openmpi-bin=4.1.4-3+b1 openmpi-common=4.1.4-3 libopenmpi-dev=4.1.4-3+b1 libopenmpi3=4.1.4-3+b1 \
  libpmix2 libhwloc15 libhwloc-plugins libevent-core-2.1-7 libevent-pthreads-2.1-7 libevent-2.1-7 libevent-extra-2.1-7 \
  libucx0 libfabric1 libpsm-infinipath1 libpsm2-2 librdmacm1 libibverbs1 ibverbs-providers libnl-3-200 libnl-route-3-200 \
  libnuma1 libltdl7 libmunge2 libpciaccess0 libxnvctrl0 ocl-icd-libopencl1 libjansson4 2>/dev/null
for file in *.deb; do dpkg -x "$file" root; done
cat >equal.c <<'C'
#include <mpi.h>
#include <stdio.h>
int main(int argc, char** argv) {
  enum { most = 100000 };
  static double x[most], sum[most];
  const double mine[] = {0.1, 0.2, 0.3};
  const int counts[] = {4, 1000, most};
  int rank;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  for (int c = 0; c < 3; ++c) {
    int other = 0;
    for (int i = 0; i < counts[c]; ++i) x[i] = mine[rank];
    MPI_Allreduce(x, sum, counts[c], MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    for (int i = 0; i < counts[c]; ++i) other += sum[i] != sum[0];
    if (rank == 0) printf("%d numbers: %d sums differ from the first, %.17g\n", counts[c], other, sum[0]);
  }
  MPI_Finalize();
}
C
libraries=$PWD/root/usr/lib/$(gcc -print-multiarch)
gcc -I"$libraries/openmpi/include" equal.c -o equal -L"$libraries/openmpi/lib" -L"$libraries" -lmpi
export LD_LIBRARY_PATH=$libraries:$libraries/openmpi/lib:$libraries/pmix2/lib OPAL_PREFIX=$PWD/root/usr PMIX_INSTALL_PREFIX=$PWD/root/usr
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
seen=$(root/usr/bin/mpirun.openmpi --oversubscribe -n 3 ./equal)
echo "$seen"
[ "$seen" = "4 numbers: 0 sums differ from the first, 0.60000000000000009
1000 numbers: 333 sums differ from the first, 0.60000000000000009
100000 numbers: 0 sums differ from the first, 0.60000000000000009" ]
