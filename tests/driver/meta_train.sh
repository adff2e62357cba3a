#!/usr/bin/env bash
# Runs meta_train as its user would: a short run that must leave its results, and wrong input that must end in one
# line, a non-zero exit and nothing half-written.
# Usage: meta_train.sh PROGRAM
set -u
program=$1
data=$(cd "$(dirname "$0")/../data/npz" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# refuses TEXT ARGUMENTS...: the program must fail with one line on stderr that contains TEXT.
refuses() {
  local text=$1 lines
  shift
  if "$program" --out "$room/refused" --steps 3 "$@" >"$room/stdout" 2>"$room/stderr"; then
    fail "accepted: $*"
    return
  fi
  lines=$(grep -vc '^step ' "$room/stderr")
  [ "$lines" = 1 ] || fail "$lines lines instead of one for: $*: $(cat "$room/stderr")"
  grep -qF -- "$text" "$room/stderr" || fail "expected \"$text\" for: $*; got: $(cat "$room/stderr")"
  [ -z "$(find "$room/refused" -type f 2>/dev/null)" ] || fail "left files behind: $*"
}

# A short run, with every option that there is.
run="$room/a run's results"
"$program" --system duffing --modulation mr --latent 3 --steps 30 --batch 16 --lr 0.002 --latent-lr 0.01 \
  --shots 5 --seed 4 --scalar f32 --width 64 --out "$run" >"$room/stdout" 2>"$room/stderr" ||
  fail "a short run: $(cat "$room/stderr")"
for file in model.safetensors report.json loss.csv; do
  [ -s "$run/$file" ] || fail "no $file after a run"
done
for key in system modulation seed steps scalar width shots adapt parameters e_field e_traj e_field_max e_traj_max \
  train_seconds adapt_seconds identifiability; do
  grep -q "\"$key\": " "$run/report.json" || fail "no \"$key\" in report.json"
done
[ "$(wc -l <"$run/loss.csv")" = 31 ] || fail "loss.csv has $(wc -l <"$run/loss.csv") lines instead of 31"
grep -q '^mean' "$room/stdout" || fail "no table"

# With friction: energy and entropy are measured, certified and drawn.
run="$room/friction"
"$program" --system dno --steps 30 --batch 16 --adapt adam --sweep --header family --shots 3 --long-run 20 --out "$run" >"$room/stdout" 2>"$room/stderr" ||
  fail "a short run with friction: $(cat "$room/stderr")"
for key in e_energy min_dS certificate trained unseen far poisson_entropy friction_energy production long_run; do
  grep -q "\"$key\": " "$run/report.json" || fail "no \"$key\" in report.json with friction"
done
grep -q '"sweep": ' "$run/report.json" && grep -q '^ *50 ' "$run/../stdout" || fail "no sweep"
grep -q 'namespace family' "$run/family.hpp" || fail "no header"
for picture in production entropy_over_time; do
  [ -s "$run/plots/$picture.dat" ] && [ -s "$run/plots/$picture.gp" ] || fail "no data or no script for the picture $picture"
done
grep -q '^M grad E = 0 ' "$room/stdout" || fail "no certificate"
grep -q '^discrete gradient *20 steps' "$room/stdout" || fail "no long run"

refuses "expected --system NAME or --data FILE.npz" --seed 1
refuses "unicycle" --system unicycle
refuses "lora" --system pendulum --modulation lora
refuses "--shots" --system pendulum --shots 0
refuses "expected shots of 1 to 50" --system pendulum --shots 51
refuses "expected an identifier" --system pendulum --header a-b
refuses "--width" --system pendulum --width 63
refuses "--steps" --system pendulum --steps 0
refuses "--lr" --system pendulum --lr -1
refuses "--scalar" --system pendulum --scalar f16
refuses "no-such-file.npz" --data "$room/no-such-file.npz"
refuses "--adapt" --system pendulum --adapt newton
refuses "--entropies" --system pendulum --entropies -1
refuses "compressed" --data "$data/compressed.npz"
refuses "expected an array 'X'" --data "$data/float64.npz"
printf 'not a zip file' >"$room/text.npz"
refuses "text.npz" --data "$room/text.npz"
refuses "lower the learning rates" --system pendulum --lr 1e308
"$program" --system pendulum --steps 3 --out "$room/stdout/results" >/dev/null 2>"$room/stderr" &&
  fail "wrote into a directory below a file"
[ "$(wc -l <"$room/stderr")" = 1 ] && grep -qF "expected a directory to write to" "$room/stderr" ||
  fail "a directory that cannot be made: $(cat "$room/stderr")"

[ "$failures" = 0 ] && echo "meta_train does what it says"
exit "$failures"
