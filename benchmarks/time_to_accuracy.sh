#!/usr/bin/env bash
# Trains the same families with two builds of the driver, interleaved, so that one machine's mood is both's, and prints a
# table: processor time of training on one thread, errors of the unseen members' fields and motions, pooled, in hundredths.
# Usage: benchmarks/time_to_accuracy.sh OUT OLD NEW 'RUNS' ['NEW OPTIONS' ...]
#   OLD, NEW: two programs meta_train; RUNS: such as 'pendulum-svd tgc-mr'; each set of options is a run of NEW.
set -eu
[ $# -ge 4 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 1; }
out=$1 old=$2 new=$3 runs=$4
shift 4
[ $# -gt 0 ] || set -- ""
data=$(cd "$(dirname "$0")/data" && pwd)
export OMP_NUM_THREADS=1
value() { sed -n "s/^  \"$2\": \([0-9.e+-]*\),*\$/\1/p" "$1/report.json"; }
train() { # train FOLDER PROGRAM SYSTEM MODULATION OPTIONS
  local folder=$1
  [ -f "$folder/report.json" ] || "$2" --system "$3" --data "$data/$3.npz" --modulation "$4" --out "$folder" $5 >"$folder.log" 2>&1
  awk -v s="$(value "$folder" train_seconds)" -v e="$(value "$folder" e_field_pooled)" -v t="$(value "$folder" e_traj_pooled)" \
    'BEGIN { printf "%.1f s %.3f / %.2f", s, 100 * e, 100 * t }'
}
mkdir -p "$out"
printf '| run | old |'
for options in "$@"; do printf ' new %s |' "$options"; done
printf '\n|---|---|'
for options in "$@"; do printf -- '---|'; done
printf '\n'
for run in $runs; do
  system=${run%-*} modulation=${run#*-}
  printf '| %s | %s |' "$run" "$(train "$out/$run-old" "$old" "$system" "$modulation" "")"
  for options in "$@"; do
    printf ' %s |' "$(train "$out/$run-new$(tr -d ' -' <<<"$options")" "$new" "$system" "$modulation" "$options")"
  done
  printf '\n'
done
