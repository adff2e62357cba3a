#!/usr/bin/env bash
# Runs examples/integrators with a few steps of everything: it must leave its tables and fill a page, and wrong input
# must end in one line and a non-zero exit.
# Usage: integrators.sh PROGRAM
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
  "$program" --quick --out "$room/refused" "$@" >/dev/null 2>"$room/stderr" && fail "accepted: $*"
  [ "$(wc -l <"$room/stderr")" = 1 ] && grep -qF -- "$text" "$room/stderr" ||
    fail "expected one line with \"$text\" for: $*; got: $(cat "$room/stderr")"
}

# It starts anew for threads that wait without turning in loops, as libgomp shows.
turns=$(unset OMP_WAIT_POLICY GOMP_SPINCOUNT && OMP_DISPLAY_ENV=verbose "$program" --help 2>&1 | grep GOMP_SPINCOUNT | tail -n 1)
[[ -z $turns || $turns == *"'0'"* ]] || fail "expected threads that wait passively, got $turns"

run="$room/a run's results"
printf 'before\n<!-- rows work -->\nold\n<!-- end -->\nafter\n' >"$room/page.md"
"$program" --quick --out "$run" --page "$room/page.md" >"$room/stdout" 2>"$room/stderr" ||
  fail "a short run: $(cat "$room/stderr")"
for file in learned schemes pendulum kepler brackets work coupling_pendulum coupling_two_bodies; do
  [ -s "$run/$file.csv" ] || fail "no $file.csv after a run"
done
for picture in pendulum two_bodies momentum work_pendulum work_two_bodies; do
  [ -s "$run/plots/integrators_$picture.dat" ] && [ -s "$run/plots/integrators_$picture.gp" ] ||
    fail "no data or no script for the picture integrators_$picture"
done
if gnuplot -e "exit status !strstrt(GPVAL_TERMINALS, 'pngcairo')" 2>/dev/null; then
  [ "$(find "$run" "$room/images" -name 'integrators_*.png' | wc -l)" = 10 ] || fail "not all pictures: $(cat "$room/stderr")"
fi
grep -q '^GaussLegendre<3> ' "$room/stdout" || fail "no tables"
[ "$(head -n 1 "$room/page.md") $(tail -n 1 "$room/page.md")" = "before after" ] && ! grep -q old "$room/page.md" &&
  grep -q '^| `GaussLegendre<3>` ' "$room/page.md" || fail "the page was not filled"

refuses "--steps" --steps 0
refuses "--dt" --dt -1
refuses "expected a number above 0, got 'abc'" --dt abc
refuses "--seed" --seed -1
"$program" --help >/dev/full 2>/dev/null && fail "a full standard output ends with 0"
refuses "--page" --page "$room/no-such-page.md"
refuses "--colour" --colour red
printf '<!-- rows weather -->\n<!-- end -->\n' >"$room/weather.md"
refuses "weather" --page "$room/weather.md"
"$program" --quick --out "$room/stdout/results" >/dev/null 2>"$room/stderr" && fail "wrote into a directory below a file"
[ "$(wc -l <"$room/stderr")" = 1 ] && grep -qF "expected a directory to write to" "$room/stderr" ||
  fail "a directory that cannot be made: $(cat "$room/stderr")"

[ "$failures" = 0 ] && echo "integrators does what it says"
exit "$failures"
