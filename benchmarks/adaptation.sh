#!/usr/bin/env bash
# Trains every benchmark family with every modulation, and pendulums with three seeds, as results.sh does (finished runs are
# kept), and prints the tables of docs/adaptation.md: field errors in hundredths after adaptation from few measurements and
# from many, by least squares beside Adam. Draws them into PICTURE, if given, with gnuplot.
# Usage: benchmarks/adaptation.sh [OUT] [PICTURE.png]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/adaptation} picture=${2:-}

benchmarks/results.sh "$out" --seeds 0 --sweep >/dev/null
benchmarks/results.sh "$out" --seeds '1 2' --only pendulum-svd --sweep >/dev/null

# sweep RUN: lines of shots, e_field by least squares, by Adam, and milliseconds of each.
sweep() {
  awk -F'[:,]' '/^  "sweep": \[/ { on = 1 } /^  \]/ { on = 0 } on && /"(shots|lm|adam|lm_seconds|adam_seconds)"/ {
    line = line " " ($1 ~ /seconds/ ? 1e3 : $1 ~ /shots/ ? 1 : 100) * $2
    if ($1 ~ /"adam_seconds"/) { print line; line = "" }
  }' "$out/$1/report.json"
}

echo '| family | modulation | 1 | 2 | 3 | 5 | 10 | 50 | time of 50 |'
echo '|---|---|---|---|---|---|---|---|---|'
runs=$(grep -v '^#' benchmarks/reference.csv | cut -d, -f1,2 --output-delimiter=-)
for run in $runs; do
  sweep "$run-seed0" | awk -v family="${run%-*}" -v modulation="${run##*-}" '
    { cells = cells sprintf(" %.2f / %.2f |", $2, $3); time = sprintf(" %.1f / %.0f ms |", $4, $5) }
    END { print "| " family " | " modulation " |" cells time }'
done
echo
echo '| pendulum, svd | 1 | 2 | 3 | 5 | 10 | 50 |'
echo '|---|---|---|---|---|---|---|'
seeds="pendulum-svd-seed0 pendulum-svd-seed1 pendulum-svd-seed2"
for run in $seeds; do
  sweep "$run" | awk -v seed="${run##*seed}" '{ cells = cells sprintf(" %.2f / %.2f |", $2, $3) }
    END { print "| seed " seed " |" cells }'
done
for run in $seeds; do sweep "$run"; done | awk '{ lm[$1] += $2 / 3; adam[$1] += $3 / 3; if (!($1 in seen)) order[++n] = $1; seen[$1] = 1 }
  END { line = "| mean |"; for (i = 1; i <= n; ++i) line = line sprintf(" %.2f / %.2f |", lm[order[i]], adam[order[i]]); print line }'

[ -n "$picture" ] || exit 0
data=$(mktemp)
trap 'rm -f "$data"' EXIT
for run in $runs; do
  sweep "$run-seed0"
  printf '\n\n'
done >"$data"
gnuplot -e "data='$data'; picture='$picture'; runs='$(echo $runs)'" benchmarks/adaptation.gp
