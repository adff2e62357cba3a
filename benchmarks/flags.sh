#!/usr/bin/env bash
# How fast a user's program is that links a target of the installed package, beside one with -march=native: the fastest of ROUNDS
# runs of each, in turn, as speeds relative to it: a training step, the field at one state, an iteration of a fit to 50 measurements.
# Usage: benchmarks/flags.sh [ROUNDS, 7 unless given] [OUT]
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-7} out=$(realpath -m "${2:-build/flags}")
cmake -S . -B "$out/package" -DMETRIPLEX_TESTS=OFF -DMETRIPLEX_EXAMPLES=OFF -DMETRIPLEX_BENCHMARKS=OFF >"$out.log"
cmake --install "$out/package" --prefix "$out/prefix" >>"$out.log"
echo "| compiler | linked | training step | field | fit |"
echo "|---|---|---|---|---|"
for compiler in g++ clang++; do
  build=$out/$compiler
  cmake -S benchmarks/flags -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$out/prefix" >>"$out.log" 2>&1
  cmake --build "$build" >>"$out.log" 2>&1
  rm -f "$build"/*.times
  for _ in $(seq "$rounds"); do
    for target in march native v3 metriplex; do "$build/$target" >>"$build/$target.times"; done
  done
  least() { cut -d ' ' -f "$2" "$build/$1.times" | sort -g | head -n 1; }
  for target in native v3 metriplex; do
    row="| $compiler | \`metriplex::$target\` |"
    for column in 1 2 3; do row+=$(awk -v m="$(least march $column)" -v t="$(least $target $column)" 'BEGIN { printf " %.2f |", m / t }'); done
    echo "$row"
  done
done
