#!/usr/bin/env bash
# How well structures learn systems (benchmarks/structures/main.cpp): the table of docs/structures.md. Finished runs in OUT are kept.
# Usage: benchmarks/structures.sh [OUT] ['SEEDS', 0 unless given] ['PAIRS', all unless given]
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/structures} seeds=${2:-0}
pairs=${3:-damped_pendulum damped_pendulum_conserved damped_pendulum_unstructured double_pendulum double_pendulum_lagrangian double_pendulum_sines double_pendulum_lagrangian_angles double_pendulum_angles double_pendulum_unstructured
  rigid_body rigid_body_unstructured heavy_top heavy_top_unstructured henon_heiles henon_heiles_separable henon_heiles_unstructured lotka_volterra
  lotka_volterra_unstructured forced_duffing forced_duffing_of_time parametric_pendulum parametric_pendulum_forced parametric_pendulum_unstructured cart_pole cart_pole_unstructured
  satellite satellite_informed satellite_unstructured two_bodies three_bodies glycolytic fput_8 fput_8_chain fput_32 fput_32_chain}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
mkdir -p "$out"
echo "| system | structure | seed | e_field | e_traj | energy | training, s |"
echo "|---|---|---|---|---|---|---|"
for pair in $pairs; do
  for seed in $seeds; do
    row=$out/$pair-$seed
    [ -s "$row" ] || {
      cmake --build build --target "structures-$pair" >/dev/null
      "build/bin/structures-$pair" "$seed" >"$row.part" && mv "$row.part" "$row"
    }
    cat "$row"
  done
done
