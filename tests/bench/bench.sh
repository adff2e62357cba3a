#!/usr/bin/env bash
# Runs the benchmarks' program on a few rows, as shortly as it can (the times mean nothing here), and on wrong input,
# which must end in one line and a non-zero exit.
# Usage: bench.sh PROGRAM
set -u
program=$1
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# refuses TEXT ARGUMENTS...: the program must fail with one line on stderr that contains TEXT.
refuses() {
  local text=$1
  shift
  "$program" "$@" >"$room/stdout" 2>"$room/stderr" && fail "accepted: $*"
  [ "$(wc -l <"$room/stderr")" = 1 ] || fail "not one line for: $*: $(cat "$room/stderr")"
  grep -qF -- "$text" "$room/stderr" || fail "expected \"$text\" for: $*; got: $(cat "$room/stderr")"
}

rows='train_step/f64/w64/mr/70x64 field/f32/w64 jacobian/f64/w64 bind/f32/w64/mr memory/f64/w64/mr/2x1000'
"$program" --repetitions 1 --min-time 0 --filter "^(${rows// /|})\$" --json "$room/rows.json" >"$room/stdout" 2>"$room/stderr" ||
  fail "a short run: $(cat "$room/stderr")"
for row in $rows peak/f64; do
  grep -q "^$row " "$room/stdout" || fail "the table lacks $row"
  grep -q "\"name\": \"$row\", \"milliseconds\": [0-9.e-]*, \"fraction_of_peak\": " "$room/rows.json" || fail "the JSON lacks $row"
done
grep -q '^train_step/f64/w64/mr/70x64, of the FMA peak' "$room/stdout" || fail "no summary"

refuses "no row matches --filter 'nothing'" --filter nothing
refuses "a regular expression" --filter '('
refuses "cannot write" --filter '^field/f64/w64$' --json "$room/no/such/folder.json"

echo train_step/f64/w64/mr/70x64 | "$program" --serve --min-time 0 >"$room/stdout" || fail "--serve"
[ "$(head -n 1 "$room/stdout")" = ready ] && grep -q '^[0-9.e-]*$' "$room/stdout" || fail "an answer: $(cat "$room/stdout")"

[ "$failures" = 0 ]
