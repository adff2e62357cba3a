#!/usr/bin/env bash
# A phone that swung, of docs/phone.md: fetches a recording of three minutes (1.1 MB, from a public copy, unless FILE is given), cuts it
# into eight swings of twenty seconds, the last two of them the third and the sixth, and does with these what phone.sh does.
# Usage: benchmarks/phone_recorded.sh [OUT] [FILE]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/phone_recorded} file=${2:-${1:-build/phone_recorded}/Gyroscope.csv}
copy=https://raw.githubusercontent.com/Ganesh999-tech/SINDy-Pendulum-Discovery/f975bcdd28566a8ee0e309532b0673cb9b5a74b0/Gyroscope.csv
sum=3cb9c14097723cb730347ef7be102e273a0dfae89bc0bbe360ffb3a0c2c3d534
mkdir -p "$out/recordings"
[ -s "$file" ] || curl --fail --silent --show-error --location --output "$file" "$copy"
found=$(sha256sum "$file" | cut -d' ' -f1)
[ "$found" = $sum ] || { echo "phone_recorded.sh: expected $file with SHA-256 $sum, got $found" >&2; exit 1; }
# Its first 15 s are of letting it go.
awk -v out="$out/recordings" '
  NR == 1 { names = $0; next }
  $1 < 15 { next }
  { swing = int(($1 - 15) / 20) + 1
    if (swing > 8) exit
    unit = swing == 3 ? 7 : swing == 6 ? 8 : swing - (swing > 3) - (swing > 6)
    path = out "/unit-" unit ".csv"
    if (!(path in begun)) { begun[path]; print names >path }
    print >path }' "$file"
for unit in 7 8; do # what is to be predicted, as it was measured
  awk -f examples/phone/to_family.awk -v axis=x -v every=1 "$out/recordings/unit-$unit.csv" | cut -d, -f2- >"$out/recordings/truth-$unit.csv"
done
exec benchmarks/phone.sh "$out" "$out/recordings" x
