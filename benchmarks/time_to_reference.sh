#!/usr/bin/env bash
# How long PyTorch 1.13 and meta_train take to the e_field that PyTorch reaches with the reference's budget (5000 steps of Adam), one thread
# each, in turn. Ours: the fewest of 60, 90, 125, 180, 250, 500 steps, each a run with a schedule of its own, that get there. Prints a table;
# errors in hundredths.
# Usage: benchmarks/time_to_reference.sh [OUT] ['FAMILIES', the three without friction unless given]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/time_to_reference} families=${2:-pendulum mass_spring duffing}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
mkdir -p "$out"
value() { sed -n "s/^  \"$2\": \([0-9.e+-]*\),*\$/\1/p" "$1/report.json"; }
echo "| family | modulation | PyTorch | e_field | ours | steps | e_field | ratio |"
echo "|---|---|---|---|---|---|---|---|"
for system in $families; do
  for modulation in svd mr; do
    data=benchmarks/data/$system.npz
    read -r theirs reached < <(/usr/bin/python3 benchmarks/peers/meta_train.py "$data" "$modulation")
    for steps in 60 90 125 180 250 500; do
      folder=$out/$system-$modulation-$steps
      build/bin/meta_train --system "$system" --data "$data" --modulation "$modulation" --steps "$steps" --overwrite --out "$folder" >"$folder.log" 2>&1
      ours=$(value "$folder" train_seconds) field=$(value "$folder" e_field_pooled)
      awk -v e="$field" -v r="$reached" 'BEGIN { exit !(100 * e <= r) }' && break
    done
    awk -v n="$system | $modulation" -v t="$theirs" -v r="$reached" -v o="$ours" -v s="$steps" -v e="$field" \
      'BEGIN { printf "| %s | %.0f s | %.2f | %.2f s | %d | %.2f | %.0f |\n", n, t, r, o, s, 100 * e, t / o }'
  done
done
