#!/usr/bin/env bash
# Kills a training at random moments, with kill -9, and lets it go on, again and again: how many ended at the bits of a run that
# nothing stopped, and whether each kill lost more than one interval. Not part of the tests.
# Usage: tests/fuzz/kills.sh PROGRAM [KILLS, 200 unless given]; PROGRAM is that of a combination, build/bin/meta_train.d/hamiltonian-2-svd5-f64-64x3,
# which begins to train at once.
set -eu
program=$1 kills=${2:-200}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
interval=20
run="--system pendulum --steps 400 --checkpoint $interval --quiet"
mkdir "$room/bare" && ln -s "$(command -v sh)" "$room/bare/sh" # without gnuplot, which takes longer than the training
PATH_BARE=$room/bare
PATH=$PATH_BARE "$program" $run --out "$room/whole" 2>"$room/log" || { cat "$room/log"; exit 1; }
newest() { ls "$room/run" 2>/dev/null | sed -n 's/^checkpoint-\([0-9]*\)[.]safetensors$/\1/p' | sort -n | tail -n 1; }

done_kills=0 runs=0 same=0 lost=0
while [ "$done_kills" -lt "$kills" ]; do
  rm -rf "$room/run"
  arguments="$run --out $room/run"
  while :; do
    before=$(newest)
    PATH=$PATH_BARE "$program" $arguments 2>/dev/null &
    child=$!
    sleep "0.$(printf %03d $((RANDOM % 900 + 50)))"
    if kill -9 $child 2>/dev/null; then
      wait $child 2>/dev/null || true
      done_kills=$((done_kills + 1))
      after=$(newest)
      [ "${after:-0}" -ge "${before:-0}" ] || lost=$((lost + 1))
      [ -n "$after" ] && arguments="--resume $room/run --quiet" || arguments="$run --overwrite --out $room/run"
    else
      wait $child && break
      echo "FAILED: a run that nothing killed" && exit 1
    fi
  done
  runs=$((runs + 1))
  cmp -s "$room/whole/model.safetensors" "$room/run/model.safetensors" && cmp -s "$room/whole/loss.csv" "$room/run/loss.csv" && same=$((same + 1))
done
echo "$done_kills kills in $runs runs: $same of them ended at the same bits, $lost kills cost a checkpoint"
[ "$same" = "$runs" ] && [ "$lost" = 0 ]
