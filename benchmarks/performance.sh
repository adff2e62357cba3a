#!/usr/bin/env bash
# Turns the JSON of ./dev bench into what docs/performance.md shows: its tables and its picture.
# Usage: benchmarks/performance.sh FILE.json
set -eu
[ $# = 1 ] && [ -r "$1" ] || { echo "performance.sh: expected a file that ./dev bench --json wrote" >&2; exit 2; }
rows=$(realpath "$1")
cd "$(dirname "$0")/.."

# name, milliseconds, fraction of peak, bytes, peer, ratio, separated by tabs; - where there is none
columns=$(mktemp)
trap 'rm -f "$columns"*' EXIT
awk -v OFS='\t' '
  function value(key) {
    if (!match($0, "\"" key "\": (\"[^\"]*\"|[^,}]*)")) return "-"
    text = substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 4)
    gsub(/"/, "", text)
    return text == "null" ? "-" : text
  }
  /"name"/ { print value("name"), value("milliseconds"), value("fraction_of_peak"), value("bytes"), value("peer"), value("ratio") }
' "$rows" >"$columns"

table() { # table PATTERN: the rows whose names match
  awk -F '\t' -v pattern="$1" '
    function time(ms) {
      unit = ms < 1e-3 ? "ns" : ms < 1 ? "µs" : ms < 1e3 ? "ms" : "s"
      return sprintf("%.3g %s", ms * (unit == "ns" ? 1e6 : unit == "µs" ? 1e3 : unit == "ms" ? 1 : 1e-3), unit)
    }
    BEGIN { print "| row | time | of the peak | peer | its time over ours |\n|---|---|---|---|---|" }
    $1 ~ pattern {
      again = $1 == last; last = $1
      printf "| %s | %s | %s | %s | %s |\n", again ? "" : $1, again ? "" : $4 != "-" ? sprintf("%.3g MB", $4 / 1e6) : time($2),
        again || $3 == "-" ? "" : sprintf("%.0f %%", 100 * $3), $5 == "-" ? "" : $5, $6 == "-" ? "" : sprintf("%.3g", $6)
    }' "$columns"
}

# Replaces what stands between <!-- rows PATTERN --> and the next <!-- end -->.
page=docs/performance.md
while IFS= read -r line; do
  case $line in
    '<!-- rows '*) pattern=${line#<!-- rows } && echo "$line" && table "${pattern% -->}" && skip=1 ;;
    '<!-- end -->') echo "$line" && skip= ;;
    *) [ "${skip:-}" ] || echo "$line" ;;
  esac
done <"$page" >"$columns.md"
cp "$columns.md" "$page"

series=$(for what in points systems width depth dimension rank; do
  awk -F '\t' -v what="$what" '$1 ~ "^scaling/" what "/" { sub(/.*\//, "", $1); print $1, $2 }' "$columns" >"$columns.$what"
  [ ! -s "$columns.$what" ] || printf '"%s" using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 title "%s", ' "$columns.$what" "$what"
done)
[ -n "$series" ] || exit 0
gnuplot <<G
set terminal pngcairo size 900,560 font ",11"
set output "docs/images/scaling.png"
set logscale xy
set key outside right
set grid
set xlabel "value of the one thing that is changed"
set ylabel "time of a training step, ms"
plot $series
G
