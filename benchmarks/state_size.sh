#!/usr/bin/env bash
# What a state's size costs (benchmarks/state_size/main.cpp), dense and shared: the second table of docs/structures.md.
# Usage: benchmarks/state_size.sh ['MASSES', 1 to 64 unless given]
set -eu
cd "$(dirname "$0")/.."
out=build/state_size
mkdir -p "$out"
eigen=$(pkg-config --cflags eigen3 2>/dev/null || echo -I/usr/include/eigen3)
echo "| networks | compile, s | components | parameters | field, ns | train step, ms |"
echo "|---|---|---|---|---|---|"
for masses in ${1:-1 2 4 8 16 32 64}; do
  for networks in Dense Springs; do
    TIMEFORMAT=%U
    compile=$({ time ${CXX:-g++} -std=c++20 -O2 -DNDEBUG -march=native -w -Iinclude $eigen -DMETRIPLEX_MASSES="$masses" \
      -DMETRIPLEX_NETS=$networks benchmarks/state_size/main.cpp -o "$out/$networks-$masses"; } 2>&1)
    printf '| %s | %.0f %s\n' "$networks" "$compile" "$("$out/$networks-$masses")"
  done
done
