#!/usr/bin/env bash
# The table and the picture of docs/real_pendulum.md: fetches the recording (57 kB, from a public copy, unless FILE is given), trains on
# its first 80 % and predicts the rest (benchmarks/real_pendulum/main.cpp), which gnuplot draws.
# Usage: benchmarks/real_pendulum.sh [OUT] [SEED] [FILE]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/real_pendulum} seed=${2:-0} file=${3:-${1:-build/real_pendulum}/real_pend_h_1.txt}
copy=https://raw.githubusercontent.com/Agata99/PracaMagisterska/b1016d300ba1553d5892d8ee79ae12fa4ecac097/real_pend_h_1.txt
sum=45d92988198b89a5933f5a53e67aa819d06937516f71a462ac09e1307d8b3411
mkdir -p "$out"
[ -s "$file" ] || curl --fail --silent --show-error --location --output "$file" "$copy"
found=$(sha256sum "$file" | cut -d' ' -f1)
[ "$found" = $sum ] || { echo "real_pendulum.sh: expected $file with SHA-256 $sum, got $found" >&2; exit 1; }
build/bin/real_pendulum "$file" "$out" "$seed"
gnuplot -e "out='$out'" benchmarks/real_pendulum.gp
