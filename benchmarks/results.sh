#!/usr/bin/env bash
# Trains every benchmark family with every modulation (26 runs, each its own folder in OUT; finished ones are kept)
# and prints the tables of docs/results.md, without friction and with it: errors in hundredths, and their ratio to the
# reference's.
# Usage: benchmarks/results.sh [OUT] [OPTIONS of meta_train...]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/results}
[ $# = 0 ] || shift
program=build/bin/meta_train
[ -x "$program" ] || { echo "results.sh: expected $program, got none: run ./dev build meta_train" >&2; exit 1; }

value() { sed -n "s/.*\"$2\": \([0-9.e+-]*\),*$/\1/p" "$1"; }

rows=$(grep -v '^#' benchmarks/reference.csv)
for row in $rows; do
  IFS=, read -r system modulation _ <<<"$row"
  folder=$out/$system-$modulation
  [ -f "$folder/report.json" ] ||
    "$program" --system "$system" --data "benchmarks/data/$system.npz" --modulation "$modulation" --out "$folder" "$@" >"$out.log" 2>&1 ||
    { tail -n 1 "$out.log" >&2; exit 1; }
done

# table FAMILIES: the rows of these families, a regular expression, and what they come to together.
table() {
  printf '| family | modulation | e_field | reference | ratio | e_traj | reference | ratio |\n|---|---|---|---|---|---|---|---|\n'
  for row in $rows; do
    IFS=, read -r system modulation field traj <<<"$row"
    [[ $system =~ ^($1)$ ]] || continue
    report=$out/$system-$modulation/report.json
    echo "$system $modulation $(value "$report" e_field) $field $(value "$report" e_traj) $traj"
  done | awk '{
    a = 100 * $3 / $4; b = 100 * $5 / $6; log_a += log(a); log_b += log(b); worst = a > worst ? a : worst; worst = b > worst ? b : worst
    printf "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", $1, $2, 100 * $3, $4, a, 100 * $5, $6, b
  } END { printf "\nGeometric mean of the ratios: e_field %.2f, e_traj %.2f; largest %.2f.\n", exp(log_a / NR), exp(log_b / NR), worst }'
}
table 'pendulum|mass_spring|duffing'
echo
table 'dno|tgc'
