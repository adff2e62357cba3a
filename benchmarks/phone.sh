#!/usr/bin/env bash
# What docs/phone.md says: recordings of a phone that swings (simulated, unless FOLDER has some), a family learned from sixteen of them,
# and two more whose first six seconds tell the rest.
# Usage: benchmarks/phone.sh [OUT] [FOLDER] [AXIS about which it turns, z]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/phone} recordings=${2:-} axis=${3:-z}
mkdir -p "$out"
if [ -z "$recordings" ]; then
  recordings=$out/recordings
  mkdir -p "$recordings"
  awk -f examples/phone/simulate.awk -v units=18 -v out="$recordings"
fi
mapfile -t files < <(ls "$recordings"/unit-*.csv | sort -V)
[ ${#files[@]} -ge 4 ] || { echo "phone.sh: expected four recordings or more, got ${#files[@]} in $recordings" >&2; exit 1; }
known=$((${#files[@]} - 2))
awk -f examples/phone/to_family.awk -v axis="$axis" "${files[@]:0:known}" >"$out/family.csv"
awk -f examples/phone/to_family.awk -v axis="$axis" "${files[@]:known}" | awk -F, 'FNR == 1 || $2 < 6' >"$out/new.csv"

columns="--time time --states angle,rate --member unit"
build/bin/meta_train --data "$out/family.csv" $columns --structure mechanical-damped --overwrite --out "$out/learned"
build/bin/metriplex adapt "$out/learned/model.safetensors" --data "$out/new.csv" $columns --until 19.9 --out "$out/new"

for i in 1 2; do
  truth=$recordings/truth-$((known + i)).csv
  [ -f "$truth" ] || continue
  # Both as straight lines from sample to sample, at the times of the prediction beyond the six seconds.
  awk -F, -v unit=$i 'NR == FNR { if (FNR > 1) { t[++n] = $1; a[n] = $2; r[n] = $3 } next }
    FNR > 1 && $1 == unit && $3 > 6 {
      while (k < n - 1 && t[k + 1] < $3) ++k
      w = ($3 - t[k]) / (t[k + 1] - t[k])
      da = $4 - a[k] - w * (a[k + 1] - a[k]); dr = $5 - r[k] - w * (r[k + 1] - r[k])
      sa += da * da; sr += dr * dr; va += a[k] * a[k]; vr += r[k] * r[k]
    }
    END { printf "new unit %d, from 6 to 20 s: angle off by %.2f %%, rate by %.2f %% of their size\n", unit, 100 * sqrt(sa / va), 100 * sqrt(sr / vr) }' "$truth" "$out/new/predicted.csv"
done
