#!/usr/bin/env bash
# Draws the pictures of docs/structures.md into PICTURES: meta-trains each structure of the list below, and a model without one, as
# structures.sh does, and predicts a motion of the first unseen member (benchmarks/structures/predicted_motion.hpp), which gnuplot
# draws. Predictions that are in OUT are not made again.
# Usage: benchmarks/structure_pictures.sh [OUT] [PICTURES] [NAMES]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/structure_pictures} pictures=${2:-docs/images} chosen=${3:-}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
mkdir -p "$out" "$pictures"

# predict PAIR MOTION
predict() {
  [ -s "$out/$1.txt" ] || {
    cmake --build build --target "structures-$1" >/dev/null
    "build/bin/structures-$1" 0 2000 "$out/$1.part" "$2" && mv "$out/$1.part" "$out/$1.txt"
  }
}

# Picture, pair, pair without a structure, motion (the first was adapted to), component on the left, components on the right, their
# names, and how long the left and the right show. Of the double pendulum's motions the third has the median energy.
while IFS=';' read -r name pair plain motion left right names span laws_span; do
  [ -z "$chosen" ] || [[ " $chosen " == *" $name "* ]] || continue
  predict "$pair" "$motion"
  [ -z "$plain" ] || predict "$plain" "$motion"
  gnuplot -e "with='$out/$pair.txt'; without='${plain:+$out/$plain.txt}'; left=$left; right='$right'; names=\"$names\"; span=$span; laws_span=$laws_span" \
    -e "picture='$pictures/structure_$name.png'" benchmarks/structure_pictures.gp
done <<'LIST'
hamiltonian;henon_heiles;henon_heiles_unstructured;1;1;5;'{/:Italic q}_1' energy;40;100
chain;fput_8_chain;fput_8_unstructured;1;4;17;'{/:Italic q}_4' energy;20;100
port_hamiltonian;damped_pendulum;damped_pendulum_unstructured;1;1;3;'{/:Italic q}' energy;20;100
mechanical;double_pendulum;double_pendulum_unstructured;3;1;5;'{/:Italic q}_1' energy;10;20
lagrangian;double_pendulum_lagrangian;double_pendulum_unstructured;3;1;5;'{/:Italic q}_1' energy;10;20
generic;dno;dno_unstructured;1;1;4 5;'{/:Italic q}' energy entropy;20;100
rigid_body;rigid_body;rigid_body_unstructured;1;1;4 5;'{/:Italic x}_1' energy '|{/:Italic x}|^2';50;100
heavy_top;heavy_top;heavy_top_unstructured;1;1;7 8;'{/:Italic m}_1' energy '|{/:Italic γ}|^2';20;100
lotka_volterra;lotka_volterra;lotka_volterra_unstructured;1;1;3;prey energy;50;100
driven;cart_pole;cart_pole_unstructured;1;2;6;angle 'energy less the work done';10;10
forced;forced_duffing;forced_duffing_unstructured;1;1;4;'{/:Italic q}' 'energy less the work done';10;10
unstructured;glycolytic;;1;1;6;'{/:Italic x}_0' '{/:Italic x}_5';10;10
LIST
