"""Writes the golden trajectories of the systems below into tests/golden/trajectories.json; those of others stay as they are.

Usage: python3 tests/systems/golden_trajectories.py (needs SciPy; the values there are of SciPy 1.10). The equations are written
in other forms than the library's where there is another: textbook formulas, cross products, differences of arrays.
"""

import json
import pathlib

import numpy as np
from numpy import cos, sin
from scipy.integrate import solve_ivp

rng = np.random.default_rng(16)


def damped_pendulum(x, mu):
    (q, p), (m, l, c) = x, mu
    return [p / (m * l**2), -m * 3 * l * sin(q) - c * p]


def double_pendulum(x, mu):
    q1, q2, v1, v2 = x
    m1, m2, l1, l2, g = mu[0], mu[0] * mu[1], mu[2], mu[2] * mu[3], 9.806
    below = 2 * m1 + m2 - m2 * cos(2 * q1 - 2 * q2)
    a1 = -g * (2 * m1 + m2) * sin(q1) - m2 * g * sin(q1 - 2 * q2)
    a1 -= 2 * sin(q1 - q2) * m2 * (v2**2 * l2 + v1**2 * l1 * cos(q1 - q2))
    a2 = v1**2 * l1 * (m1 + m2) + g * (m1 + m2) * cos(q1) + v2**2 * l2 * m2 * cos(q1 - q2)
    return [v1, v2, a1 / (l1 * below), 2 * sin(q1 - q2) * a2 / (l2 * below)]


def rigid_body(x, mu):
    return np.cross(x, x / mu)


def heavy_top(x, mu):
    m, gamma, spin = x[:3], x[3:], x[:3] / mu[:3]
    return [*(np.cross(m, spin) + np.cross(gamma, [0, 0, mu[3]])), *np.cross(gamma, spin)]


def henon_heiles(x, mu):
    q1, q2, p1, p2 = x
    return [p1, p2, -q1 - 2 * mu[0] * q1 * q2, -q2 - mu[0] * (q1**2 - q2**2)]


def lotka_volterra(x, mu):
    return [x[0] * (0.5 - mu[0] * x[1]), x[1] * (mu[1] * x[0] - 0.5)]


def glycolytic(x, mu):
    J0, k2, k3, k4, k5, k6, q, N, A, kappa, psi, k = 2.5, 6, 16, 100, 1.28, 12, 4, 1, 4, 13, 0.1, 1.8
    k1, K1 = mu
    s = k1 * x[0] * x[5] / (1 + (x[5] / K1) ** q)
    return [
        J0 - s,
        2 * s - k2 * x[1] * (N - x[4]) - k6 * x[1] * x[4],
        k2 * x[1] * (N - x[4]) - k3 * x[2] * (A - x[5]),
        k3 * x[2] * (A - x[5]) - k4 * x[3] * x[4] - kappa * (x[3] - x[6]),
        k2 * x[1] * (N - x[4]) - k4 * x[3] * x[4] - k6 * x[1] * x[4],
        -2 * s + 2 * k3 * x[2] * (A - x[5]) - k5 * x[5],
        psi * kappa * (x[3] - x[6]) - k * x[6],
    ]


def fput(x, mu):
    half = len(x) // 2
    stretch = np.diff([0, *x[:half], 0])
    return [*x[half:], *np.diff(stretch + mu[0] * stretch**3)]


def forced_duffing(x, mu):
    q, p, t = x
    return [p, mu[2] * cos(mu[3] * t) - mu[1] * p + q * (1 - mu[0] * q * q), 1]


def cart_pole(x, mu):
    _, a, v, w, u = x
    m, n, l = mu
    inertia = np.array([[m + n, n * l * cos(a)], [n * l * cos(a), n * l * l]])
    force = [u + n * l * w * w * sin(a), -n * 9.81 * l * sin(a)]
    return [v, w, *np.linalg.solve(inertia, force), 0]


def satellite(x, mu):
    q, r = x[:2], np.hypot(*x[:2])
    return [*x[2:], *(-mu[0] / r**3 * (1 + 1.5 * mu[1] / r**2) * q)]


def planar_bodies(x, mu):
    q, p = x.reshape(2, len(mu), 2)
    apart = q[None, :] - q[:, None]
    pull = mu[:, None] * mu[None, :] / (np.sum(apart**2, axis=2) + 0.25) ** 1.5
    return [*(p / mu[:, None]).ravel(), *np.einsum("ij,ijk->ik", pull, apart).ravel()]


def parametric_pendulum(x, mu):
    q, p, t = x
    return [p / mu[0] ** 2, -3 * mu[0] * sin(q) * (1 + mu[1] * cos(mu[2] * t)), 1]


# name: rate, members between, states between, horizon, samples
SYSTEMS = {
    "damped_pendulum": (damped_pendulum, [0.5, 0.7, 0], [1.5, 1.3, 0.05], [-1, -1], [1, 1], 10, 51),
    "double_pendulum": (double_pendulum, [0.55, 0.2, 0.9, 0.9], [1.8, 1, 2, 1.1], [-1.5] * 2 + [-0.6] * 2,
                        [1.5] * 2 + [0.6] * 2, 2, 21),
    "rigid_body": (rigid_body, [0.5] * 3, [1] * 3, [-1] * 3, [1] * 3, 10, 51),
    "heavy_top": (heavy_top, [0.5] * 4, [1, 1, 1, 1.5], [-1] * 6, [1] * 6, 5, 26),
    "henon_heiles": (henon_heiles, [0.5], [1], [-0.25] * 4, [0.25] * 4, 10, 51),
    "lotka_volterra": (lotka_volterra, [0.5] * 2, [1.125] * 2, [1] * 2, [2] * 2, 9.5, 39),
    "glycolytic": (glycolytic, [80, 0.5], [100, 1], [0.15, 0.19, 0.04, 0.1, 0.08, 0.14, 0.05],
                   [1.6, 2.16, 0.2, 0.35, 0.3, 2.67, 0.1], 0.95, 20),
    "fput_8": (fput, [0.5], [2], [-0.5] * 16, [0.5] * 16, 2, 11),
    "fput_32": (fput, [0.5], [2], [-0.5] * 64, [0.5] * 64, 1, 6),
    "forced_duffing": (forced_duffing, [0.7, 0, 0.1, 1], [1.3, 0.3, 0.4, 1.5], [-1.5, -1, 0], [1.5, 1, 6], 5, 26),
    "cart_pole": (cart_pole, [0.5, 0.1, 0.5], [1.5, 0.4, 1], [-1, -1.5, -1, -2, -2], [1, 1.5, 1, 2, 2], 2, 21),
    "satellite": (satellite, [0.9, 0], [1.1, 0.02], [0.8, -0.2, -0.2, 0.9], [1.2, 0.2, 0.2, 1.1], 5, 26),
    "three_bodies": (planar_bodies, [0.5] * 3, [1.5] * 3, [-1.5] * 6 + [-0.4] * 6, [1.5] * 6 + [0.4] * 6, 3, 16),
    "parametric_pendulum": (parametric_pendulum, [0.8, 0.1, 1], [1.2, 0.5, 2], [-1.5, -1, 0], [1.5, 1, 6], 5, 26),
    "two_bodies": (planar_bodies, [0.5] * 2, [1.5] * 2, [-1.5] * 4 + [-0.4] * 4, [1.5] * 4 + [0.4] * 4, 3, 16),
}

path = pathlib.Path(__file__).parent.parent / "golden" / "trajectories.json"
entries = [entry for entry in json.loads(path.read_text()) if entry["system"] not in SYSTEMS]
for name, (rate, mu_low, mu_high, x_low, x_high, horizon, samples) in SYSTEMS.items():
    for _ in range(3):
        mu, x = rng.uniform(mu_low, mu_high), rng.uniform(x_low, x_high)
        t = np.linspace(0, horizon, samples)
        run = solve_ivp(lambda _, y: rate(y, mu), (0, horizon), x, "DOP853", t, rtol=1e-13, atol=1e-15)
        assert run.success, run.message
        entries.append({"system": name, "mu": mu.tolist(), "t": t.tolist(), "x": run.y.T.tolist(),
                        "dx0": [float(value) for value in rate(x, mu)]})
path.write_text(json.dumps(entries))
