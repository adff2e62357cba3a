#!/usr/bin/env bash
# Trains every benchmark family with every modulation from three seeds (78 runs, each its own folder in OUT; finished ones
# are kept, so that it can be stopped and started again) and prints the tables of docs/results.md, without friction and
# with it: medians over the seeds of errors in hundredths, pooled over components as the protocol does, and their ratio
# to the reference's.
# Usage: benchmarks/results.sh [OUT] [--only REGEX] [--seeds "0 1 2"] [OPTIONS of meta_train, such as --steps 500 ...]
#   --only: the runs SYSTEM-MODULATION to make and to print, such as 'dno-.*|tgc-(svd|mr)'
set -eu
cd "$(dirname "$0")/.."
out=build/results only='.*' seeds='0 1 2'
if [ $# -gt 0 ] && [[ $1 != --* ]]; then
  out=$1
  shift
fi
options=()
while [ $# -gt 0 ]; do
  case $1 in
    --only | --seeds)
      [ $# -gt 1 ] || { echo "results.sh: expected a value after $1, got none" >&2; exit 1; }
      [ "$1" = --only ] && only=$2 || seeds=$2
      shift
      ;;
    *) options+=("$1") ;;
  esac
  shift
done
program=${META_TRAIN:-build/bin/meta_train}
[ -x "$program" ] || { echo "results.sh: expected $program, got none: run ./dev build meta_train" >&2; exit 1; }
mkdir -p "$out"

rows=$(grep -v '^#' benchmarks/reference.csv | awk -F, -v only="^($only)\$" '($1 "-" $2) ~ only')
[ -n "$rows" ] || { echo "results.sh: expected --only that fits a run such as pendulum-svd, got '$only'" >&2; exit 1; }

# The other options of a folder's run: results of other options in the same OUT would pass for these.
asked="${options[*]:-}"
if [ -f "$out/options" ] && [ "$(cat "$out/options")" != "$asked" ]; then
  echo "results.sh: $out holds runs with the options '$(cat "$out/options")', not '$asked': name another OUT" >&2
  exit 1
fi
printf '%s' "$asked" >"$out/options"

# finished FOLDER: a run is, once its report is there and tells of no failure.
finished() { grep -qs '"failures": \[\]' "$1/report.json"; }

failed=0
for row in $rows; do
  IFS=, read -r system modulation _ <<<"$row"
  for seed in $seeds; do
    folder=$out/$system-$modulation-seed$seed
    finished "$folder" && continue
    echo "$system $modulation, seed $seed ..." >&2
    "$program" --overwrite --system "$system" --data "benchmarks/data/$system.npz" --modulation "$modulation" --seed "$seed" \
      --out "$folder" ${options[@]+"${options[@]}"} >"$out/$system-$modulation-seed$seed.log" 2>&1 ||
      { failed=1; echo "results.sh: $system $modulation, seed $seed: $(tail -n 1 "$folder.log")" >&2; }
  done
done

# value FILE KEY: a number of a report.
value() { sed -n "s/^  \"$2\": \([0-9.e+-]*\),*\$/\1/p" "$1"; }

# table FAMILIES: the rows of these families, a regular expression, and what they come to together.
table() {
  for row in $rows; do
    IFS=, read -r system modulation field traj <<<"$row"
    [[ $system =~ ^($1)$ ]] || continue
    for seed in $seeds; do
      finished "$out/$system-$modulation-seed$seed" || continue
      report=$out/$system-$modulation-seed$seed/report.json
      # A rollout that failed has no number: it counts as infinite.
      echo "$system $modulation $field $traj $(value "$report" e_field_pooled | grep . || echo inf)" \
        "$(value "$report" e_traj_pooled | grep . || echo inf)"
    done
  done | awk '
    function median(text, n, part, i, j, t) {
      n = split(text, part, " ")
      for (i = 2; i <= n; ++i) for (j = i; j > 1 && number(part[j]) < number(part[j - 1]); --j) { t = part[j]; part[j] = part[j - 1]; part[j - 1] = t }
      return n % 2 ? number(part[(n + 1) / 2]) : (number(part[n / 2]) + number(part[n / 2 + 1])) / 2
    }
    function number(text) { return text == "inf" ? 1e300 : text + 0 }
    { key = $1 " " $2; if (!(key in runs)) order[++rows] = key
      ++runs[key]; field[key] = $3; traj[key] = $4; fields[key] = fields[key] " " $5; trajs[key] = trajs[key] " " $6
      if (runs[key] > most) most = runs[key] }
    END {
      if (!rows) exit
      print "| family | modulation | e_field | reference | ratio | e_traj | reference | ratio |\n|---|---|---|---|---|---|---|---|"
      for (k = 1; k <= rows; ++k) {
        key = order[k]; split(key, name, " "); e = 100 * median(fields[key]); t = 100 * median(trajs[key])
        a = e / field[key]; b = t / traj[key]; log_a += log(a); log_b += log(b)
        worst = a > worst ? a : worst; worst = b > worst ? b : worst
        if (runs[key] < most) note = note sprintf("\n%s %s: %d of %d seeds.", name[1], name[2], runs[key], most)
        printf "| %s | %s | %.3f | %.2f | %.2f | %.3f | %.2f | %.2f |\n", name[1], name[2], e, field[key], a, t, traj[key], b
      }
      printf "\nMedians of %d seeds. Geometric mean of the ratios: e_field %.2g, e_traj %.2g; largest %.2g.%s\n", most, exp(log_a / rows), exp(log_b / rows), worst, note
    }'
}
table 'pendulum|mass_spring|duffing'
echo
table 'dno|tgc'
exit "$failed"
