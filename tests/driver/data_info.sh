#!/usr/bin/env bash
# Runs data_info as its user would: what a file holds must be told, and what does not fit answered in one line.
# Usage: data_info.sh PROGRAM
set -u
program=$1
written=$(cd "$(dirname "$0")/../files/written" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
python3 "$(dirname "$0")/family.py" "$room" || fail "no families to look at"

# tells TEXT ARGUMENTS...: the program must succeed, with TEXT among what it prints.
tells() {
  local text=$1
  shift
  "$program" "$@" >"$room/stdout" 2>&1 || fail "refused: $*: $(tail -n 1 "$room/stdout")"
  grep -qF -- "$text" "$room/stdout" || fail "expected \"$text\" for: $*; got: $(cat "$room/stdout")"
}
# refuses TEXT ARGUMENTS...: the program must fail with one line on stderr that contains TEXT.
refuses() {
  local text=$1
  shift
  "$program" "$@" >/dev/null 2>"$room/stderr" && fail "accepted: $*"
  [ "$(wc -l <"$room/stderr")" = 1 ] && grep -qF -- "$text" "$room/stderr" || fail "expected \"$text\" for: $*; got: $(cat "$room/stderr")"
}

tells "8 members, 24 motions of 20 samples, 480 in all, times 0 to 3.8" "$room/plain.npz"
tells "sampled every 0.2 (5 a unit of time)" "$room/plain.npz"
tells "x1 and the integral of its rates differ" "$room/minutes.npz"
tells "no rates: states alone" "$room/states.npz"
tells "x2 is the same in all samples" "$room/rest.npz"
tells "nobody reads it" "$room/more.npz" --inputs ""
tells "q is missing in 1 samples" "$written/r_missing.csv"
tells "x1" "$room/plain.npz" --time t --states X --rates dX --parameters mu --out "$room/a folder's picture"
[ -s "$room/a folder's picture/plots/data.gp" ] && [ -s "$room/a folder's picture/plots/data.dat" ] || fail "no picture"
if command -v gnuplot >/dev/null; then [ -s "$room/a folder's picture/data.svg" ] || fail "gnuplot drew nothing"; fi

printf 'clock,swing,angle,speed\n0,1,0,1\n1,1,NA,1\n2,1,2,1\n0,2,0,-1\n1,2,-1,-1\n' >"$room/table.csv"
tells "2 members, 2 motions of 2 to 3 samples" "$room/table.csv" --time clock --states angle,speed --motion swing
tells "speed" "$room/table.csv" --time clock --states angle,speed --motion swing
printf 't,angle\n0,3.0\n1,3.1\n2,-3.1\n3,-3.0\n4,-2.9\n' >"$room/turns.csv"
tells "angle jumps by 2 pi 1 times" "$room/turns.csv" --states angle

refuses "expected arrays 't' and 'X' (name others: --time NAME --states NAME ...), got 'a' [2, 3]" "$written/../../data/npz/compressed.npz"
refuses "expected array 'x'" "$room/plain.npz" --states x
refuses "decimals need a point" "$written/r_decimal_commas.csv"
refuses "expected a file to read" "$room/none.npz"
refuses "expected an .npz, .csv, .mat or HDF5 file" "$program"
"$program" 2>"$room/stderr" && fail "accepted no file"
"$program" --help | grep -q -- '--states' || fail "--help does not list the options"

[ "$failures" = 0 ] && echo "data_info does what it says"
exit "$failures"
