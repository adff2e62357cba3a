#!/usr/bin/env bash
# SciPy 1.10.1 (Debian 12, python3-scipy 1.10.1-2), solve_ivp: an event that falls on the end of a step is there twice, once for the
# step that ends and once for the one that begins. A body in uniform motion crosses 0 once, at the time 1; in steps of 0.5, t_events
# holds 1 twice for RK23, Radau, BDF and LSODA. A pendulum that hangs still has an event in every step, and one let go at -1.5, whose
# velocity rises from 0, has at the start one of direction 1, which asks for a rise from below 0. Periods counted by events are then
# too many. Expected: each crossing once; in the other two no sign changes, which is what the documentation says is looked for.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for package in python3-scipy=1.10.1-2 python3-numpy=1:1.24.2-1+deb12u1 libblas3=3.11.0-2 liblapack3=3.11.0-2 libgfortran5; do
  apt-get -qq download "$package" 2>/dev/null
done
for file in *.deb; do dpkg -x "$file" root; done
cat >events.py <<'PY'
import numpy as np
import scipy
from scipy.integrate import solve_ivp
print("SciPy", scipy.__version__)
def position(t, y):
    return y[0]
def velocity(t, y):
    return y[1]
velocity.direction = 1
def pendulum(t, y):
    return [y[1], -np.sin(y[0])]
for method in "RK23", "Radau", "BDF", "LSODA":
    uniform = solve_ivp(lambda t, y: [y[1], 0], (0, 2), [-1, 1], method, events=position, first_step=0.5, max_step=0.5)
    still = solve_ivp(pendulum, (0, 20), [0, 0], method, events=position, max_step=1)
    swing = solve_ivp(pendulum, (0, 5), [-1.5, 0], method, events=velocity)
    print(f"{method}: crosses 0 at {uniform.t_events[0]}; still: {len(still.t_events[0]) / (len(still.t) - 1):.0f} a step; let go: {swing.t_events[0]}")
PY
libraries=root/usr/lib/$(gcc -print-multiarch)
seen=$(PYTHONPATH=root/usr/lib/python3/dist-packages LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack /usr/bin/python3 events.py)
echo "$seen"
[ "$seen" = "SciPy 1.10.1
RK23: crosses 0 at [1. 1.]; still: 1 a step; let go: [0.]
Radau: crosses 0 at [1. 1.]; still: 1 a step; let go: [0.]
BDF: crosses 0 at [1. 1.]; still: 1 a step; let go: [0.]
LSODA: crosses 0 at [1. 1.]; still: 1 a step; let go: [0.]" ]
