#!/usr/bin/env bash
# One, two, four and seven ranks train to the bits of one process: through the library (compat/mpi.cpp), and two by meta_train.
# Usage: mpi.sh MPIRUN TEST_MPI META_TRAIN
set -u
mpirun=$1 test=$2 program=$3
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
export OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

alone=$("$test" alone)
for ranks in 1 2 4 7; do
  got=$("$mpirun" -n $ranks "$test" 2>&1)
  [ "$got" = "$alone" ] || fail "$ranks ranks: $got instead of $alone"
done

run="--system duffing --modulation mr --latent 3 --steps 20 --batch 16 --scalar f32 --structure hamiltonian --width 8 --depth 1 --quiet"
mkdir "$room/bare" && ln -s "$(command -v sh)" "$room/bare/sh" # no gnuplot, which takes longer
PATH=$room/bare "$program" $run --out "$room/one" >/dev/null 2>&1 || fail "one process"
"$mpirun" -n 2 env PATH="$room/bare" "$program" $run --out "$room/two" >"$room/log" 2>&1 || fail "two ranks: $(cat "$room/log")"
cmp "$room/one/model.safetensors" "$room/two/model.safetensors" || fail "other bits on two ranks"
"$mpirun" -n 2 "$program" $run --lr 1e308 --out "$room/diverged" >"$room/log" 2>&1 && fail "two that diverge end with 0"
grep -q "lower the learning rates" "$room/log" || fail "no word of why: $(cat "$room/log")"

[ "$failures" = 0 ] && echo "ranks train as one"
exit "$failures"
