#!/usr/bin/env bash
# Runs meta_train as its user would: a short run that must leave its results, and wrong input that must end in one
# line, a non-zero exit and nothing half-written. What it runs is compiled beforehand (combinations.txt), but for one
# combination, which it must compile itself.
# Usage: meta_train.sh PROGRAM
set -u
program=$1
data=$(cd "$(dirname "$0")/../data/npz" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
python3 "$(dirname "$0")/family.py" "$room" || fail "no families to train on"

# A path without gnuplot, which takes longer than a short run.
bare=$room/bare
mkdir "$bare" && ln -s "$(command -v sh)" "$bare/sh"

# refuses TEXT ARGUMENTS...: the program must fail with one line on stderr that contains TEXT.
refuses() {
  local text=$1 lines
  shift
  if "$program" --out "$room/refused" --steps 3 "$@" >"$room/stdout" 2>"$room/stderr"; then
    fail "accepted: $*"
    return
  fi
  lines=$(grep -Evc '^(step|compiling|waiting) ' "$room/stderr")
  [ "$lines" = 1 ] || fail "$lines lines instead of one for: $*: $(cat "$room/stderr")"
  grep -qF -- "$text" "$room/stderr" || fail "expected \"$text\" for: $*; got: $(cat "$room/stderr")"
  [ -z "$(find "$room/refused" -type f 2>/dev/null)" ] || fail "left files behind: $*"
}

# A short run, with every option that there is.
run="$room/a run's results"
"$program" --system duffing --modulation mr --latent 3 --steps 30 --batch 16 --lr 0.002 --latent-lr 0.01 \
  --shots 5 --seed 4 --scalar f32 --structure hamiltonian --rank 5 --width 8 --depth 1 --out "$run" >"$room/stdout" 2>"$room/stderr" ||
  fail "a short run: $(cat "$room/stderr")"
for file in model.safetensors report.json loss.csv; do
  [ -s "$run/$file" ] || fail "no $file after a run"
done
for key in version threads options verdict parameters final_loss e_field e_field_max e_field_pooled e_field_component e_traj \
  e_traj_max e_traj_pooled e_traj_component train_seconds adapt_seconds identifiability members status latent mu; do
  grep -q "\"$key\": " "$run/report.json" || fail "no \"$key\" in report.json"
done
[ "$(wc -l <"$run/loss.csv")" = 31 ] || fail "loss.csv has $(wc -l <"$run/loss.csv") lines instead of 31"
grep -q '^mean' "$room/stdout" || fail "no table"
grep -q '^e_field is the error on the exact field' "$room/stdout" && ! grep -q e_rates "$run/report.json" || fail "e_field is not explained"
grep -qE '^(learned|learned in part|did not learn): rates off by' "$room/stdout" || fail "no verdict"

# The same again from what the report says: the same model to the bit.
mapfile -t options < <(sed -n '/^  "options": {/,/^  }/s/^    "\(.*\)": "\{0,1\}\([^",]*\)"\{0,1\},*$/--\1=\2/p' "$run/report.json" |
  grep -vE '^--(entropies=0|sweep=false|header=)$')
PATH=$bare "$program" "${options[@]}" --out "$room/again" >/dev/null 2>&1
cmp -s "$run/model.safetensors" "$room/again/model.safetensors" || fail "another model from the report's options: ${options[*]}"

# With friction: energy and entropy are measured, certified and drawn.
run="$room/friction"
"$program" --system dno --width 8 --depth 1 --steps 30 --batch 16 --adapt adam --sweep --header family --shots 3 --long-run 20 --out "$run" >"$room/stdout" 2>"$room/stderr" ||
  fail "a short run with friction: $(cat "$room/stderr")"
for key in e_energy min_dS certificate trained unseen far poisson_entropy friction_energy production long_run; do
  grep -q "\"$key\": " "$run/report.json" || fail "no \"$key\" in report.json with friction"
done
grep -q '^  "sweep": \[' "$run/report.json" && grep -q '^ *50 ' "$run/../stdout" || fail "no sweep"
grep -q 'namespace family' "$run/family.hpp" || fail "no header"
for picture in production entropy_over_time; do
  [ -s "$run/plots/$picture.dat" ] && [ -s "$run/plots/$picture.gp" ] || fail "no data or no script for the picture $picture"
done
grep -q '^M grad E = 0 ' "$room/stdout" || fail "no certificate"
grep -q '^discrete gradient *20 steps' "$room/stdout" || fail "no long run"

# trains TEXT ARGUMENTS...: a short run must succeed, with TEXT among what it prints.
trains() {
  local text=$1
  shift
  PATH=$bare "$program" --out "$room/trained" --overwrite --steps "${steps:-5}" --batch 8 "$@" >"$room/stdout" 2>&1 || fail "refused: $*: $(tail -n 1 "$room/stdout")"
  grep -qF -- "$text" "$room/stdout" || fail "expected \"$text\" for: $*; got: $(cat "$room/stdout")"
}

trains "e_rates is the error on measured rates" --data "$room/plain.npz" --latent 1
grep -q '"data_crc32": "[0-9a-f]\{8\}"' "$room/trained/report.json" && grep -q '"e_rates": ' "$room/trained/report.json" &&
  ! grep -q '"e_field' "$room/trained/report.json" || fail "no checksum, or no e_rates, or an e_field where no field is known"
trains "warning: nobody reads the arrays 'u', 'names'" --data "$room/more.npz"
trains "warning: the sum of the last 2 components falls" --data "$room/four.npz" --entropies 2 --width 8 --depth 1
trains "warning: the data's rates differ from the exact field of mass_spring by" --system mass_spring --data "$room/two_parameters.npz"
trains "adapted to each unseen member from 20 measurements" --data "$room/plain.npz"
trains "mu1 is the same in all members" --data "$room/same.npz" --latent 1
trains "did not learn: nothing moves" --data "$room/rest.npz"
grep -q inf "$room/stdout" && fail "inf for a member at rest: $(cat "$room/stdout")"
steps=010 trains "learn" --data "$room/"gr*e.npz
[ "$(wc -l <"$room/trained/loss.csv")" = 11 ] || fail "--steps 010 is not ten steps"
trains "worst breach of a law" --data "$room/one_sample.npz" --long-run 5
grep -q e_traj "$room/trained/report.json" && fail "an e_traj of trajectories of one sample"
steps=200 trains "lower --lr and --latent-lr" --data "$room/plain.npz" --lr 1e9

# States alone, of a rectangle and of a table of ragged, driven motions whose columns have names of their own.
few="--modulation film --width 8 --depth 1 --latent 1"
trains "e_traj is the error on motions that adaptation has not seen" --data "$room/states.npz" $few
grep -q '"loss": "integral"' "$room/trained/report.json" && ! grep -q '"e_rates' "$room/trained/report.json" || fail "the report does not tell the loss"
# Where samples are coarse the field is integrated.
trains "e_traj is the error on motions that adaptation has not seen" --data "$room/coarse.npz" $few --rollout-scheme gauss_legendre4
grep -q '"loss": "rollout"' "$room/trained/report.json" || fail "coarse samples are not trained on by rollouts"
grep -q '"rollout-scheme": "gauss_legendre4"' "$room/trained/report.json" || fail "the report does not tell the scheme of rollouts"
table="--time time --states q,speed --inputs push --member unit"
trains "motions of unseen ones by" --data "$room/table.csv" $table --structure driven-mechanical $few --noise 0.01,0.02
grep -q 'noise of the states, which no prediction can be below: q 0.01 (1.[0-9]* % of its spread) v 0.02' "$room/stdout" || fail "no word on noise: $(cat "$room/stdout")"
grep -q '"loss": "rollout"' "$room/trained/report.json" && grep -q '"unsupplied": ' "$room/trained/report.json" || fail "inputs: no rollouts, or no certificate"
# What it trained tells of itself, adapts to recordings and simulates, without C++.
user=$(dirname "$program")/metriplex model=$room/trained/model.safetensors
"$user" info "$model" 2>&1 | grep -q '^components *q,v,u' || fail "info does not tell the components"
"$user" info "$model" | grep -q '^checksum .*(holds)$' || fail "info does not tell that the checksum holds"
PATH=$bare "$user" adapt "$model" --data "$room/table.csv" $table --until 5 --out "$room/adapted" >"$room/stdout" 2>"$room/stderr" ||
  fail "adapt: $(cat "$room/stderr")"
grep -q '"covariance"' "$room/adapted/adapted.json" && head -n 1 "$room/adapted/predicted.csv" | grep -qx 'member,motion,time,q,v,u,q_deviation,v_deviation,u_deviation' ||
  fail "adapt leaves no covariance or no band"
[ "$(grep -c '^8,3,' "$room/adapted/predicted.csv")" = 101 ] || fail "a motion is predicted at $(grep -c '^8,3,' "$room/adapted/predicted.csv") times instead of 101"
# What it is told of inputs between samples is what predictions see of them there.
inputs() { awk -F, '$1 == 1 && $2 == 1 {print $6}' "$room/$1/predicted.csv" | sort -u | wc -l; }
PATH=$bare "$user" adapt "$model" --data "$room/table.csv" $table --inputs-between linear --out "$room/linear" >"$room/stdout" 2>"$room/stderr" ||
  fail "adapt with linear inputs: $(cat "$room/stderr")"
[ "$(inputs adapted)" -le 13 ] && [ "$(inputs linear)" -ge 50 ] || fail "held inputs of $(inputs adapted) values, linear ones of $(inputs linear)"
"$user" simulate "$model" --member 2 --start 1,0,0.5 --until 3 --samples 30 --out "$room/motion.csv" 2>"$room/stderr" && [ "$(wc -l <"$room/motion.csv")" = 32 ] ||
  fail "simulate: $(cat "$room/stderr")"
"$user" simulate "$model" --start 1 --until 3 --out "$room/motion.csv" 2>&1 | grep -qF "metriplex: expected --start of 3 components, got 1" || fail "a start of one component"
"$user" adapt "$room/plain.npz" --data "$room/plain.npz" --out "$room/adapted" 2>&1 | grep -q '^metriplex: expected' || fail "a model that is none"
trains "e_rates is the error on measured rates" --data "$room/plain.npz" --loss integral $few

trains "discrete gradient  5 steps" --system dno --structure generic-learned --modulation film --scalar f32 --width 8 --depth 1 --long-run 5
grep -q '"structure": "generic-learned"' "$room/trained/report.json" && grep -q '"depth": 1' "$room/trained/report.json" ||
  fail "the report does not tell structure and depth"

# A structure that is neither canonical nor has entropies: its bracket's laws are certified, and the long run keeps them.
trains "off by" --system rigid_body --structure poisson-rigid-body --modulation film --width 8 --depth 1 --long-run 5
grep -q '"casimir_rate": ' "$room/trained/report.json" && grep -q '"discrete gradient"' "$room/trained/report.json" ||
  fail "no Casimirs or no long run of a rigid body"

# A combination is compiled once, whoever asks: two at the same time, then nobody. One that is older than what it is made of
# is made anew.
few="--system pendulum --structure separable --modulation none --width 8 --depth 1 --steps 2 --batch 8"
made=$(dirname "$program")/meta_train.d/separable-2-none-f64-8x1
rm -f "$made"
"$program" $few --out "$room/first" >"$room/first.log" 2>&1 &
"$program" $few --out "$room/second" >"$room/second.log" 2>&1
wait $! || fail "a combination that must be compiled: $(tail -n 1 "$room/first.log")"
[ "$(cat "$room"/first.log "$room"/second.log | grep -c '^compiling separable-2-none-f64-8x1 (once)')" = 1 ] &&
  [ -s "$room/first/report.json" ] && [ -s "$room/second/report.json" ] ||
  fail "two that ask for one combination: $(head -n 3 "$room"/first.log "$room"/second.log)"
"$program" $few --out "$room/third" 2>&1 | grep -q '^compiling' && fail "compiled twice"
touch -d 2001-01-01 "$made"
"$program" $few --out "$room/fourth" >/dev/null 2>&1 && [ "$made" -nt "$room/first.log" ] || fail "ran an old program"
"$made" --system pendulum --out "$room/fifth" 2>&1 | grep -qF "expected arguments for separable-2-none-f64-8x1" ||
  fail "a combination ran the arguments of another"

# A run that is stopped, and then killed, goes on to the same bits; neither it nor a finished one is mixed with another.
long="--system pendulum --steps 300 --checkpoint 40 --seed 2"
PATH=$bare "$program" $long --quiet --out "$room/whole" >"$room/stdout" 2>&1 || fail "a run to compare with: $(cat "$room/stdout")"
[ "$(grep -vc '^no pictures' "$room/stdout")" = 0 ] || fail "--quiet is not: $(cat "$room/stdout")"
# ends_by SIGNAL STATUS ARGUMENTS...: it must end by the signal (not INT, which scripts switch off for what they start beside them), sent once it has saved a checkpoint beyond the first `seen`.
seen=0
ends_by() {
  local signal=$1 status=$2 newest child
  shift 2
  PATH=$bare "$program" "$@" >"$room/stdout" 2>"$room/stderr" &
  child=$!
  while kill -0 $child 2>/dev/null; do
    newest=$(ls "$room/stopped" 2>/dev/null | sed -n 's/^checkpoint-\([0-9]*\)[.]safetensors$/\1/p' | sort -n | tail -n 1)
    [ "${newest:-0}" -gt $seen ] && break
    sleep 0.05
  done
  seen=${newest:-0}
  kill "-$signal" $child
  wait $child 2>/dev/null
  [ $? = "$status" ] || fail "$signal does not end: $*: $(cat "$room/stderr")"
}
ends_by TERM 143 $long --out "$room/stopped"
grep -qE "^meta_train: stopped after step [0-9]+ of 300; to go on: meta_train --resume" "$room/stderr" || fail "a stop without a word: $(cat "$room/stderr")"
"$program" $long --out "$room/stopped" 2>&1 | grep -qF "expected a directory without an unfinished run, or --overwrite, got" || fail "mixed with an unfinished run"
seen=$(ls "$room/stopped" | sed -n 's/^checkpoint-\([0-9]*\)[.]safetensors$/\1/p' | sort -n | tail -n 1)
ends_by KILL 137 --resume "$room/stopped"
newest=$(ls "$room/stopped/"checkpoint-*.safetensors | sort -t- -k2 -V | tail -n 1)
printf x | dd of="$newest" bs=1 seek=5000 conv=notrunc 2>/dev/null # damaged: the one before is as good
PATH=$bare "$program" --resume "$room/stopped" --json-lines >"$room/stdout" 2>"$room/stderr" || fail "resume: $(cat "$room/stderr")"
grep -q 'warning: expected the checksum .*; going on from checkpoint-' "$room/stderr" || fail "no word on a damaged checkpoint: $(cat "$room/stderr")"
grep -q '^{"step": 300, "steps": 300, "loss": ' "$room/stdout" && tail -n 1 "$room/stdout" | grep -q '^{"verdict":"learned' || fail "no JSON: $(cat "$room/stdout")"
cmp "$room/whole/model.safetensors" "$room/stopped/model.safetensors" && cmp "$room/whole/loss.csv" "$room/stopped/loss.csv" || fail "other bits after a stop"
[ -z "$(find "$room/stopped" -name 'checkpoint-*')" ] || fail "a run that has ended leaves checkpoints"
"$program" --resume "$room/stopped" 2>&1 | grep -qF "expected a checkpoint to go on from, got none in" || fail "resumed what has ended"
"$program" $long --out "$room/stopped" 2>&1 | grep -qF "expected a directory without results of another run, or --overwrite, got" || fail "mixed with another run"

# One output that fails does not cost the others.
PATH=$bare "$program" --system pendulum --steps 3 --batch 8 --out "$room/partly" >/dev/full 2>"$room/stderr" && fail "a full standard output ends with 0"
[ -s "$room/partly/model.safetensors" ] && [ -s "$room/partly/report.json" ] || fail "a full standard output costs the files"
mkdir -p "$room/blocked" && touch "$room/blocked/plots"
PATH=$bare "$program" --system pendulum --steps 3 --batch 8 --out "$room/blocked" >/dev/null 2>"$room/stderr" && fail "pictures that cannot be written are no failure"
grep -q '^meta_train: pictures: ' "$room/stderr" && [ -s "$room/blocked/model.safetensors" ] && [ -s "$room/blocked/report.json" ] ||
  fail "pictures that cannot be written cost more than themselves: $(cat "$room/stderr")"
mkdir -p "$room/taken/report.json"
"$program" --system pendulum --steps 3 --out "$room/taken" >/dev/null 2>"$room/stderr" && fail "wrote over a directory"
grep -qF "got a directory or device there" "$room/stderr" || fail "a name that is taken: $(cat "$room/stderr")"
"$program" --help >/dev/full 2>/dev/null && fail "a full standard output ends --help with 0"
"$program" --help | grep -q 'mr (' || fail "--help does not explain mr"
"$program" --help | grep -q 'positions, then momenta (velocities for mechanical and lagrangian), then entropies or what is given' || fail "--help does not tell the order of components"

refuses "expected --system NAME or --data FILE" --seed 1
refuses "unicycle" --system unicycle
refuses "lora" --system pendulum --modulation lora
refuses "--shots" --system pendulum --shots 0
refuses "--seed" --system pendulum --seed -1
refuses "--seed" --system pendulum --seed 18446744073709551616
refuses "expected a number above 0, got 'abc'" --system pendulum --lr abc
refuses "expected a number above 0, got 'inf'" --system pendulum --lr inf
refuses "expected no --entropies with --system" --system pendulum --entropies 0
refuses "expected no --sweep with --modulation none" --system pendulum --modulation none --sweep
refuses "expected an identifier that is no keyword, got 'class'" --system pendulum --header class
refuses "in the same unit of time" --data "$room/minutes.npz"
refuses "whose squares a double holds" --data "$room/huge.npz"
refuses "expected --adapt lm and no --sweep with --loss integral or rollout" --data "$room/states.npz" --sweep --modulation film --width 8 --depth 1
refuses "expected --loss rollout with --rollout-scheme" --data "$room/plain.npz" --rollout-steps 2
refuses "expected --noise of 2 components" --data "$room/plain.npz" --noise 0.1
refuses "without --data" --system pendulum --states x
refuses "expected an identifier" --system pendulum --header a-b
refuses "--width" --system pendulum --width 1
refuses "--depth" --system pendulum --depth 0
refuses "--rank" --system pendulum --rank 0
refuses "expected no --rank with --modulation film" --system pendulum --modulation film --rank 2
refuses "expected --angles among the components q, p of a state, got 'w'" --data "$room/plain.npz" --angles q,w
refuses "expected no --angles with --structure chain" --system mass_spring --structure chain --angles q
refuses "--structure" --system pendulum --structure newtonian
refuses "expected states of as many momenta as positions and no entropies for --structure separable" --system dno --structure separable
refuses "expected states of as many momenta as positions and no entropies for --structure chain" --system dno --structure chain
refuses "expected --structure for lotka_volterra, whose motion is not that of an energy" --system lotka_volterra
refuses "got 2 components, 1 of them entropies" --data "$room/plain.npz" --entropies 1
refuses "--steps" --system pendulum --steps 0
refuses "--lr" --system pendulum --lr -1
refuses "--scalar" --system pendulum --scalar f16
refuses "no-such-file.npz" --data "$room/no-such-file.npz"
refuses "--adapt" --system pendulum --adapt newton
refuses "--entropies" --system pendulum --entropies -1
printf 'not a zip file' >"$room/text.npz"
refuses "text.npz" --data "$room/text.npz"
printf 't,q,p,dq,dp\n0,1,0,0,-1\n' >"$room/family.csv"
refuses "expected at least 2 members" --data "$room/family.csv"
refuses "lower the learning rates" --system pendulum --lr 1e308
"$program" --system pendulum --steps 3 --out "$room/stdout/results" >/dev/null 2>"$room/stderr" &&
  fail "wrote into a directory below a file"
[ "$(wc -l <"$room/stderr")" = 1 ] && grep -qF "expected a directory to write to" "$room/stderr" ||
  fail "a directory that cannot be made: $(cat "$room/stderr")"

[ "$failures" = 0 ] && echo "meta_train does what it says"
exit "$failures"
