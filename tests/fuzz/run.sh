#!/usr/bin/env bash
# Builds the fuzzers (Clang's libFuzzer with the address and undefined-behaviour sanitizers) and runs each for some seconds; or
# the sweeps. What a fuzzer found lies beside its corpus as crash-*, timeout-* or oom-*.
# Usage: run.sh [SECONDS [TARGET...]]     TARGET: npz npy csv mat hdf5 model c_api
#        run.sh sweep [STRIDE]            every damage of a sample of each format, at every STRIDE-th byte: 1 takes hours
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=${FUZZ_FOLDER:-$root/build/fuzz}
mkdir -p "$work/samples"
cd "$work"
export TMPDIR=${TMPDIR:-$([ -d /dev/shm ] && echo /dev/shm || echo /tmp)} HDF5_USE_FILE_LOCKING=FALSE
options=handle_abort=1:allocator_may_return_null=1:detect_leaks=0 # leaks of damaged files are libraries'

compile() { # compile PROGRAM SANITIZERS SOURCE ARGS...
  local program=$1 sanitizers=$2 source=$3
  shift 3
  [ "$program" -nt "$source" ] && [ -z "$(find "$root/include" "$here" -newer "$program" -name '*.hpp' -print -quit)" ] && return
  echo "compiling $program"
  clang++ -std=c++20 -O1 -g1 -fsanitize="$sanitizers" -fno-sanitize-recover=undefined -fno-omit-frame-pointer \
    -DMETRIPLEX_MATIO -DMETRIPLEX_ZLIB -DMETRIPLEX_HDF5 -I"$root/include" -I"$here" -I"$root/examples/c_api" -isystem /usr/include/eigen3 \
    -isystem /usr/include/hdf5/serial "$source" "$@" -o "$program" -lzip -lmatio -lz -lhdf5_serial
}

# What the C library is built for (cmake/combination.cmake): the make of samples/model.safetensors.
make='-DMETRIPLEX_MAKE="fuzzed" -DMETRIPLEX_STRUCTURE=hamiltonian -DMETRIPLEX_DIM=2 -DMETRIPLEX_TAIL=0 -DMETRIPLEX_MODULATION=svd
  -DMETRIPLEX_RANK=5 -DMETRIPLEX_SCALAR=double -DMETRIPLEX_WIDTH=64 -DMETRIPLEX_DEPTH=3 -DMETRIPLEX_ANGLES='

samples() {
  [ -f samples/model.safetensors ] && return
  compile sweep address,undefined "$here/sweep.cpp"
  python3 "$here/samples.py" samples
  python3 "$here/samples.py" samples/short 4
  cp "$root"/tests/files/written/octave*.mat "$root"/tests/files/written/octave.h5 samples
  ASAN_OPTIONS=$options ./sweep --model samples/model.safetensors
}

if [ "${1:-}" = sweep ]; then
  compile sweep address,undefined "$here/sweep.cpp"
  samples
  for each in model.safetensors:41 stored.npz:41 deflated.npz:41 kinds.npz:1 table.csv:23 octave_v7.mat:1 octave_v6.mat:1 \
    octave.h5:13 chunked.h5:211; do
    file=${each%:*}
    ASAN_OPTIONS=$options nice -n 10 ./sweep "samples/$file" "${2:-${each#*:}}" 2>"$file.err" | tail -n 1
  done
  exit
fi

seconds=${1:-60}
shift || true
samples
for target in ${*:-npz npy csv mat hdf5 model c_api}; do
  mkdir -p "corpus/$target"
  extra="" memory=512
  case $target in
    npz) seeds="samples/short/*.npz $root/tests/data/npz/*.npz" ;;
    npy) seeds="" ;;
    csv) seeds="samples/short/table.csv $root/tests/files/written/*.csv $root/tests/files/written/*.txt" ;;
    mat) seeds="samples/*.mat" memory=8192 ;; # matio allocates what a damaged header says, and reads the file into it after that
    hdf5) seeds="samples/octave.h5 samples/short/chunked.h5" ;;
    model) seeds="$root/tests/io/format_2.safetensors samples/model.safetensors" ;;
    c_api) seeds="samples/model.safetensors" extra="-DMETRIPLEX_FUZZ_C_API $make $root/examples/c_api/metriplex_c.cpp $root/examples/c_api/make.cpp" ;;
  esac
  [ -z "$seeds" ] || cp $seeds "corpus/$target"
  [ "$target" != npy ] || python3 -c "
import sys, zipfile
for name in sys.argv[2:]:
    with zipfile.ZipFile(name) as archive:
        for member in archive.namelist():
            open(f'{sys.argv[1]}/{name.split(\"/\")[-1]}-{member}', 'wb').write(archive.read(member))
" corpus/npy samples/short/*.npz "$root"/tests/data/npz/*.npz
  compile "fuzz_$target" fuzzer,address,undefined "$here/fuzz.cpp" -DMETRIPLEX_FUZZ="$target" $extra
  ASAN_OPTIONS=$options nice -n 10 "./fuzz_$target" "corpus/$target" -max_total_time="$seconds" -dict="$here/words.dict" -timeout=10 \
    -rss_limit_mb=2048 -malloc_limit_mb="$memory" -artifact_prefix="$target-" -print_final_stats=1 -verbosity=0 2>"$target.log" &&
    found=nothing || found="something: $(grep -hE 'SUMMARY|runtime error|no clear' "$target.log" | head -n 1)"
  echo "$target: $(grep -oE 'number_of_executed_units: *[0-9]+' "$target.log" | grep -oE '[0-9]+' || echo ?) executions, found $found"
done
