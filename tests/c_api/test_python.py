"""The Python package, on what write.cpp wrote. Usage: test_python.py DIRECTORY, with METRIPLEX_LIBRARY and PYTHONPATH set."""

import pathlib
import sys

import numpy as np

import metriplex
from metriplex import Family, Fit, MetriplexError, StreamStatus

directory = pathlib.Path(sys.argv[1])


def refuses(call, *words):
    try:
        call()
    except MetriplexError as error:
        message = str(error)
        assert all(word in message for word in words) and "\n" not in message, message
        return
    raise AssertionError("expected a refusal with " + ", ".join(words))


plane = Family(directory / "plane.safetensors")
assert (plane.dimension, plane.latent, plane.given, plane.components) == (2, 3, 0, ["x1", "x2"])
assert plane.make == "hamiltonian-2-svd5-f64-64x3" and plane.make in metriplex.known_makes()

# The field is that of the energy, at one state as at many.
truth = np.array([0.4, -0.3, 0.2])
plane.z = truth
rng = np.random.default_rng(1)
x = rng.uniform(-1, 1, (30, 2))
dx = plane.field(x)
h = 1e-6
slope = np.stack([(plane.energy(x + h * e) - plane.energy(x - h * e)) / (2 * h) for e in np.eye(2)], axis=1)
assert np.allclose(dx, slope[:, ::-1] * [1, -1], atol=1e-6)
assert np.array_equal(plane.field(x[3]), dx[3]) and plane.energy(x[3]) == plane.energy(x)[3]
assert np.array_equal(plane.field(np.asfortranarray(x)), dx) and np.allclose(plane.field(x.astype(np.float32)), dx, atol=1e-5)

# It is found again from what was measured.
times = np.linspace(0, 2, 21)
motion = plane.rollout([0.6, 0.2], times, substeps=10)
assert motion.shape == (21, 2) and np.ptp(plane.energy(motion)) < 1e-4
assert np.allclose(plane.step([0.6, 0.2], 0.01, 200), motion[-1])
for fit in (lambda: plane.adapt(x, dx), lambda: plane.adapt(motion, times=times, noise=1e-3)):
    plane.z = np.zeros(3)
    assert fit() == Fit.CONVERGED
    assert np.linalg.norm(plane.field(x) - dx) < 0.2 * np.linalg.norm(dx)
    assert (np.diag(plane.covariance) > 0).all() and np.allclose(plane.covariance, plane.covariance.T)
missing = dx.copy()
missing[::7] = np.nan
assert plane.adapt(x, missing, weights=np.isfinite(missing), noise=1e-3) == Fit.CONVERGED

stream = plane.stream(noise=[0.05, 0.05])
assert stream.status == StreamStatus.LEARNING
for k in range(90):
    status = stream.update(x[k % 30], dx[k % 30])
assert status == StreamStatus.FOLLOWING and stream.changes == 0 and stream.innovation[1:] == (2, 1.0)
for k in range(50):
    status = stream.update(x[k % 30], [5 * np.sin(9 * k), 4 * np.cos(7 * k)])
assert status == StreamStatus.OUT_OF_FAMILY

# Friction makes entropy and keeps energy; inputs push.
gases = Family(directory / "gases.safetensors")
state = np.array([0.1, 0.2, 0.5, 0.4])
later = gases.step(state, 0.02, 200)
assert abs(gases.energy(later) - gases.energy(state)) < 1e-9 and gases.entropy(later) > gases.entropy(state)
carts = Family(directory / "carts.safetensors")
times = 0.1 * times
pushed = carts.rollout([0.2, -0.1], times, inputs=np.sin(times))
assert np.array_equal(pushed[:, 2], np.sin(times)) and np.isfinite(pushed).all()
assert np.allclose(carts.step(pushed[3], times[4] - times[3])[:2], pushed[4, :2])

# What goes wrong is said in a line.
refuses(lambda: Family(directory / "nothing"), "nothing")
refuses(lambda: Family(directory / "unknown.safetensors"), "built with (", "'2-8-1'")
refuses(lambda: plane.field(np.zeros((4, 3))), "states of shape [any, 2], got [4, 3]")
refuses(lambda: plane.adapt(x), "got neither")
refuses(lambda: plane.adapt(x, dx, times=times), "got both")
refuses(lambda: plane.adapt(x, dx[:5]), "rates of shape [30, 2]")
refuses(lambda: carts.rollout([0.2, -0.1], times), "inputs [samples, 1]")
refuses(lambda: plane.entropy(state[:2]), "an entropy, got a hamiltonian")
refuses(lambda: setattr(plane, "z", [0, np.inf, 0]), "finite latent")
print("the Python package does what it promises")
