#!/usr/bin/env bash
# Trains every benchmark family with every modulation, and pendulums with three seeds, as results.sh does (finished runs are
# kept), and prints the tables of docs/adaptation.md: field errors in hundredths after adaptation from few measurements and
# from many, by least squares beside Adam. Draws them into PICTURE, if given, with gnuplot.
# Usage: benchmarks/adaptation.sh [OUT] [PICTURE.png]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/results} picture=${2:-}
program=build/bin/meta_train
[ -x "$program" ] || { echo "adaptation.sh: expected $program, got none: run ./dev build meta_train" >&2; exit 1; }

benchmarks/results.sh "$out" --sweep >/dev/null
for seed in 1 2; do
  [ -f "$out/pendulum-svd-seed$seed/report.json" ] ||
    "$program" --system pendulum --data benchmarks/data/pendulum.npz --modulation svd --seed "$seed" --sweep --out "$out/pendulum-svd-seed$seed" >"$out.log" 2>&1
done

# sweep RUN: lines of shots, e_field by least squares, by Adam, and milliseconds of each.
sweep() {
  grep -q '"sweep"' "$out/$1/report.json" ||
    { echo "adaptation.sh: expected a sweep in $out/$1/report.json, got none: remove that folder, it is made again" >&2; exit 1; }
  awk -F'[:,]' '/"sweep"/ { on = 1 } on && /"(shots|lm|adam|lm_seconds|adam_seconds)"/ {
    line = line " " ($1 ~ /seconds/ ? 1e3 : $1 ~ /shots/ ? 1 : 100) * $2
    if ($1 ~ /"adam_seconds"/) { print line; line = "" }
  }' "$out/$1/report.json"
}

echo '| family | modulation | 1 | 2 | 3 | 5 | 10 | 50 | time of 50 |'
echo '|---|---|---|---|---|---|---|---|---|'
runs=$(grep -v '^#' benchmarks/reference.csv | cut -d, -f1,2 --output-delimiter=-)
for run in $runs; do
  sweep "$run" | awk -v family="${run%-*}" -v modulation="${run##*-}" '
    { cells = cells sprintf(" %.2f / %.2f |", $2, $3); time = sprintf(" %.1f / %.0f ms |", $4, $5) }
    END { print "| " family " | " modulation " |" cells time }'
done
echo
echo '| pendulum, svd | 1 | 2 | 3 | 5 | 10 | 50 |'
echo '|---|---|---|---|---|---|---|'
seeds="pendulum-svd pendulum-svd-seed1 pendulum-svd-seed2"
for run in $seeds; do
  sweep "$run" | awk -v seed="${run#pendulum-svd}" '{ cells = cells sprintf(" %.2f / %.2f |", $2, $3) }
    END { sub("-seed", "", seed); print "| seed " (seed == "" ? 0 : seed) " |" cells }'
done
for run in $seeds; do sweep "$run"; done | awk '{ lm[$1] += $2 / 3; adam[$1] += $3 / 3; if (!($1 in seen)) order[++n] = $1; seen[$1] = 1 }
  END { line = "| mean |"; for (i = 1; i <= n; ++i) line = line sprintf(" %.2f / %.2f |", lm[order[i]], adam[order[i]]); print line }'

[ -n "$picture" ] || exit 0
data=$(mktemp)
trap 'rm -f "$data"' EXIT
for run in $runs; do
  sweep "$run"
  printf '\n\n'
done >"$data"
gnuplot -e "data='$data'; picture='$picture'; runs='$(echo $runs)'" benchmarks/adaptation.gp
