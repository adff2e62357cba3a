#!/usr/bin/env bash
# What training on states alone costs in accuracy (benchmarks/states_only/main.cpp): the table of docs/results.md, means over the seeds,
# and ratios to exact rates at the same noise, geometric means of the four families beside dno. Finished runs in OUT are kept.
# Usage: benchmarks/states_only.sh [OUT] ['SEEDS', 0 1 2 unless given] ['NOISES', 0 0.01 0.05 unless given] [WAYS, a regular expression of rows]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/states_only} seeds=${2:-0 1 2} noises=${3:-0 0.01 0.05} ways=${4:-.*}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
mkdir -p "$out"
for seed in $seeds; do
  for noise in $noises; do
    for family in pendulum duffing mass_spring tgc dno; do
      rows=$out/$family-$noise-$seed
      [ -s "$rows" ] || { build/bin/states_only "$family" "$noise" "$seed" 2000 "$ways" >"$rows.part" && mv "$rows.part" "$rows"; }
    done
  done
done
echo "| noise | trained on | pendulum | duffing | mass_spring | tgc | dno | over exact rates: four families | dno |"
echo "|---|---|---|---|---|---|---|---|---|"
for seed in $seeds; do
  for noise in $noises; do for family in pendulum duffing mass_spring tgc dno; do cat "$out/$family-$noise-$seed"; done; done
done | awk -F'|' '
  { way = $2 "|" $3; key = way "|" $1; if (!(way in known)) { known[way] = 1; order[++ways] = way }; ++runs[key]; states[key] += $5; rates[key] += $6 }
  END {
    split("pendulum duffing mass_spring tgc dno", families, " ")
    for (w = 1; w <= ways; ++w) {
      split(order[w], part, "|")
      printf "| %s %% | %s |", part[1], part[2]
      log_states = log_rates = 0
      for (f = 1; f <= 5; ++f) {
        key = order[w] "|" families[f]; base = part[1] "|exact rates|" families[f]
        printf " %.2f / %.2f |", states[key] / runs[key], rates[key] / runs[key]
        of_states = states[key] / runs[key] * runs[base] / states[base]; of_rates = rates[key] / runs[key] * runs[base] / rates[base]
        if (f < 5) { log_states += log(of_states) / 4; log_rates += log(of_rates) / 4 }
      }
      printf " %.2f / %.2f | %.2f / %.2f |\n", exp(log_states), exp(log_rates), of_states, of_rates
    }
  }'
