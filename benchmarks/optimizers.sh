#!/usr/bin/env bash
# Trains the benchmark families by SOAP for few steps and many, on one thread, and prints errors of unseen members, pooled, in
# hundredths (e_field / e_traj), and seconds of training; beside them how long 5000 steps of Adam on 64 points take, which is
# twenty times 250. Finished runs in OUT are kept.
# Usage: benchmarks/optimizers.sh [OUT] ['MODULATIONS', svd and mr unless given]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/optimizers} modulations=${2:-svd mr}
export OMP_NUM_THREADS=1
value() { sed -n "s/^  \"$2\": \([0-9.e+-]*\),*\$/\1/p" "$1/report.json"; }
run() { # run FOLDER OPTIONS...
  local folder=$1
  shift
  mkdir -p "$folder"
  [ -f "$folder/report.json" ] || build/bin/meta_train --overwrite --out "$folder" "$@" >"$folder.log" 2>&1 || { tail -n 1 "$folder.log" >&2; exit 1; }
}
echo "| family | modulation | 5000 steps of Adam | 250 of SOAP | 500 | 1000 | 2000 |"
echo "|---|---|---|---|---|---|---|"
for modulation in $modulations; do
  for system in pendulum mass_spring duffing dno tgc; do
    of=(--system "$system" --data "benchmarks/data/$system.npz" --modulation "$modulation")
    run "$out/$system-$modulation-adam" "${of[@]}" --optimizer adam --lr 2e-3 --steps 250 --batch 64
    awk -v s="$(value "$out/$system-$modulation-adam" train_seconds)" -v n="$system | $modulation" 'BEGIN { printf "| %s | %.1f s |", n, 20 * s }'
    for steps in 250 500 1000 2000; do
      folder=$out/$system-$modulation-$steps
      run "$folder" "${of[@]}" --steps "$steps"
      awk -v s="$(value "$folder" train_seconds)" -v e="$(value "$folder" e_field_pooled)" -v t="$(value "$folder" e_traj_pooled)" \
        'BEGIN { printf " %.2g / %.2g, %.1f s |", 100 * e, 100 * t, s }'
    done
    echo
  done
done
