"""Identifies a pendulum from a second of its motion, predicts ten more, and draws both beside the truth.

Usage: pendulum.py MODEL [PICTURE]: a model of pendulums, such as ./dev demo leaves in demo/model.safetensors. Needs Matplotlib.
"""

import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from metriplex import Family

mass, length, gravity = 1.3, 0.8, 3.0


def rate(x):
    q, p = x
    return np.array([p / (mass * length**2), -mass * gravity * length * np.sin(q)])


def simulate(x, times, substeps=20):
    """The true motion, by Runge and Kutta's method."""
    states = [np.asarray(x, float)]
    for before, now in zip(times, times[1:]):
        x, h = states[-1], (now - before) / substeps
        for _ in range(substeps):
            k1 = rate(x)
            k2 = rate(x + h / 2 * k1)
            k3 = rate(x + h / 2 * k2)
            k4 = rate(x + h * k3)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(x)
    return np.array(states)


pendulums = Family(sys.argv[1])
times = np.linspace(0, 11, 221)
true = simulate([1.2, 0.0], times)
noise = 0.01 * true.std(axis=0)
measured = true[:21] + noise * np.random.default_rng(0).standard_normal((21, 2))

start = time.perf_counter()
verdict = pendulums.adapt(measured, times=times[:21], noise=0.01)
print(f"identified in {1e3 * (time.perf_counter() - start):.1f} ms: {verdict.name.lower()}, z = {pendulums.z.round(3)}")
predicted = pendulums.rollout(measured[0], times, substeps=2)
print(f"predicted over 10 more: off by {100 * np.sqrt(np.mean((predicted - true) ** 2) / np.mean((true - true.mean(0)) ** 2)):.1f} % of the spread")

figure, (motion, plane) = plt.subplots(1, 2, figsize=(11, 4), width_ratios=[2, 1])
motion.plot(times, true[:, 0], "0.6", lw=3, label="true")
motion.plot(times, predicted[:, 0], "C0", label="predicted")
motion.plot(times[:21], measured[:, 0], "C3.", ms=4, label="measured")
motion.set(xlabel="time", ylabel="angle", ylim=(-1.4, 1.8))
motion.legend(loc="upper right", ncols=3)
q, p = np.meshgrid(np.linspace(-2, 2, 80), np.linspace(-3, 3, 80))
energy = pendulums.energy(np.stack([q.ravel(), p.ravel()], axis=1)).reshape(q.shape)
plane.contour(q, p, energy, 15, cmap="viridis", linewidths=0.8)
plane.plot(*measured.T, "C3.", ms=4)
plane.set(xlabel="angle", ylabel="momentum", title="learned energy")
figure.tight_layout()
figure.savefig(sys.argv[2] if len(sys.argv) > 2 else "pendulum.png", dpi=80)
