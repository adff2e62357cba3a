"""The C functions, called from Python. Usage: test.py LIBRARY DIRECTORY, the directory holding what write.cpp wrote."""

import ctypes
import math
import random
import sys

library, directory = sys.argv[1:]
lib = ctypes.CDLL(library)
real = ctypes.POINTER(ctypes.c_double)
model, integer = ctypes.c_void_p, ctypes.c_int
signatures = {
    "error": ([], ctypes.c_char_p),
    "load": ([ctypes.c_char_p], model),
    "free": ([model], None),
    "known_make": ([integer], ctypes.c_char_p),
    "make": ([model], ctypes.c_char_p),
    "dimension": ([model], integer),
    "given": ([model], integer),
    "component": ([model, integer], ctypes.c_char_p),
    "latent": ([model], integer),
    "adapt": ([model, integer, real, real, real, ctypes.c_double], integer),
    "adapt_states": ([model, integer, real, real, ctypes.c_double], integer),
    "update": ([model, real, real, real], integer),
    "reset": ([model], integer),
    "stream_status": ([model], integer),
    "changes": ([model], integer),
    "innovation": ([model, real, real], integer),
    "get_latent": ([model, real], integer),
    "set_latent": ([model, real], integer),
    "get_covariance": ([model, real], integer),
    "field": ([model, integer, real, real], integer),
    "energy": ([model, integer, real, real], integer),
    "entropy": ([model, integer, real, real], integer),
    "rollout": ([model, integer, real, real, integer], integer),
    "step": ([model, real, ctypes.c_double, integer], integer),
}
call = {}
for name, (arguments, result) in signatures.items():
    call[name] = getattr(lib, "metriplex_" + name)
    call[name].argtypes, call[name].restype = arguments, result


def array(values):
    values = list(values)
    return (ctypes.c_double * len(values))(*values)


def load(name):
    handle = call["load"](f"{directory}/{name}.safetensors".encode())
    assert handle, call["error"]()
    return handle


def field(handle, x, dim):
    dx = array([0.0] * len(x))
    assert call["field"](handle, len(x) // dim, array(x), dx) == 0
    return list(dx)


def energy(handle, x):
    value = array([0.0])
    assert call["energy"](handle, 1, array(x), value) == 0
    return value[0]


def fails(result, text):
    message = call["error"]().decode()
    assert result in (-1, None), result
    assert text in message and "\n" not in message, message


def close(a, b, tolerance):
    assert all(abs(p - q) <= tolerance * (1 + abs(q)) for p, q in zip(a, b)), (list(a), list(b))


rng = random.Random(1)
plane = load("plane")
assert call["dimension"](plane) == 2 and call["latent"](plane) == 3 and call["given"](plane) == 0
known = []
while (name := call["known_make"](len(known))) is not None:
    known.append(name)
assert {b"hamiltonian-2-svd5-f64-64x3", b"generic-4.2-svd5-f64-64x3"} <= set(known), known
assert call["known_make"](-1) is None and call["make"](plane) == b"hamiltonian-2-svd5-f64-64x3"

# The field is that of the energy.
truth = [0.4, -0.3, 0.2]
assert call["set_latent"](plane, array(truth)) == 0
x, h = [0.3, -0.5], 1e-6
slope = [(energy(plane, [x[0] + a, x[1] + b]) - energy(plane, [x[0] - a, x[1] - b])) / (2 * h) for a, b in ((h, 0), (0, h))]
close(field(plane, x, 2), [slope[1], -slope[0]], 1e-6)

# Adaptation finds the member that was measured: from rates, with some of them missing, and from states.
states = [rng.uniform(-1, 1) for _ in range(60)]
rates = field(plane, states, 2)
times, motion, state = [0.1 * k for k in range(20)], [], array([0.6, 0.2])
for _ in times:
    motion += list(state)
    assert call["step"](plane, state, 0.01, 10) == 0
z, covariance = array([0.0] * 3), array([0.0] * 9)


def check_identified(status, tolerance):
    assert status == 0, (status, call["error"]())
    close(field(plane, states, 2), rates, tolerance)
    assert call["get_covariance"](plane, covariance) == 0 and all(covariance[4 * k] > 0 for k in range(3))


check_identified(call["adapt"](plane, 30, array(states), array(rates), None, 0), 0.02)
broken, weights = list(rates), [1.0] * 60
for k in range(0, 60, 7):
    broken[k], weights[k] = math.nan, 0.0
check_identified(call["adapt"](plane, 30, array(states), array(broken), array(weights), 1e-3), 0.02)
check_identified(call["adapt_states"](plane, 20, array(times), array(motion), 1e-3), 0.2)

# A stream does too, and a system of another kind raises the flag.
LEARNING, FOLLOWING, RECONSIDERING, OUT_OF_FAMILY = range(4)
noise, square, weight = array([0.05, 0.05]), array([0.0]), array([0.0])


def stream(k, dx):
    """Feeds measurement k, and returns what it counted."""
    k %= 30
    assert call["update"](plane, array(states[2 * k : 2 * k + 2]), array(dx), noise) == 0, k
    terms = call["innovation"](plane, square, weight)
    assert terms == sum(not math.isnan(v) for v in dx)
    return weight[0]


def rates_at(k):
    return rates[2 * (k % 30) : 2 * (k % 30) + 2]


assert call["stream_status"](plane) == LEARNING and call["innovation"](plane, square, weight) == 0
for k in range(30):
    assert stream(k, rates_at(k)) == 1
assert call["stream_status"](plane) == LEARNING
close(field(plane, states, 2), rates, 0.1)
for k in range(30, 90):
    stream(k, rates_at(k))
assert call["stream_status"](plane) == FOLLOWING

# Outliers move it little, whatever their size, and are seen; what is missing leaves it as it is.
assert call["get_latent"](plane, z) == 0 and call["get_covariance"](plane, covariance) == 0
before = list(z)
for k, size in enumerate([5, 100, 1e155, sys.float_info.max]):
    good = rates_at(k)
    assert stream(k, [good[0], good[1] + size]) < 0.1 and square[0] > 1000
    for j in range(20):
        assert stream(j, rates_at(j)) == 1
assert stream(0, [math.nan, math.nan]) == 0
assert call["get_latent"](plane, z) == 0 and call["changes"](plane) == 0
assert all(abs(z[k] - before[k]) < 3 * math.sqrt(covariance[4 * k]) for k in range(3)), (list(z), before)

# A change is recognised within ten measurements, and the other member found.
assert call["set_latent"](plane, array([-1.0, 0.8, 0.5])) == 0
other = field(plane, states, 2)
for k in range(10):
    stream(k, other[2 * k : 2 * k + 2])
assert call["changes"](plane) == 1, call["stream_status"](plane)
for k in range(10, 30):
    stream(k, other[2 * k : 2 * k + 2])
close(field(plane, states, 2), other, 0.1)

assert call["reset"](plane) == 0 and call["changes"](plane) == 0
seen, flags = set(), []
for k in range(50):
    dx = array([5 * math.sin(9 * k), 4 * math.cos(7 * k)])
    flags.append(call["update"](plane, array(states[2 * (k % 30) : 2 * (k % 30) + 2]), dx, noise))
    seen.add(call["stream_status"](plane))
    assert flags[-1] == (call["stream_status"](plane) == OUT_OF_FAMILY)
assert flags[-1] == 1 and seen == {LEARNING, RECONSIDERING, OUT_OF_FAMILY}
fails(call["update"](load("plane"), array([0.0] * 2), array([0.0] * 2), array([1e300, 1.0])), "got 1e+300 of component 0")

# Steps keep the energy.
assert call["set_latent"](plane, array(truth)) == 0
state = array([0.6, 0.2])
before = energy(plane, state)
assert call["step"](plane, state, 0.05, 2000) == 0
assert abs(energy(plane, state) - before) < 1e-3, energy(plane, state) - before
gases = load("gases")
assert call["dimension"](gases) == 4
state = array([0.1, 0.2, 0.5, 0.4])
before = energy(gases, state)
assert call["step"](gases, state, 0.02, 200) == 0
assert abs(energy(gases, state) - before) < 1e-9, energy(gases, state) - before
s, rise = array([0.0] * 2), array([0.1, 0.2, 0.5, 0.4] + list(state))
assert call["entropy"](gases, 2, rise, s) == 0 and s[1] > s[0], list(s)
call["free"](gases)

# A motion goes on as steps do, under the inputs that each sample has.
carts = load("carts")
assert call["dimension"](carts) == 3 and call["given"](carts) == 1
inputs, grid = [0.3, -0.5, 0.8, 9.0], array([0.0, 0.1, 0.3, 0.4])
path = array([0.2, -0.1, inputs[0]] + [math.nan, math.nan, inputs[1]] + [math.nan, math.nan, inputs[2]] + [math.nan, math.nan, inputs[3]])
assert call["rollout"](carts, 4, grid, path, 2) == 0
state = array([0.2, -0.1, 0.0])
for k in range(3):
    state[2] = inputs[k]
    assert call["step"](carts, state, (grid[k + 1] - grid[k]) / 2, 2) == 0
    close(path[3 * k + 3 : 3 * k + 5], state[:2], 1e-12)
assert [path[3 * k + 2] for k in range(4)] == inputs
fails(call["rollout"](carts, 2, array([0.0, 0.0]), path, 1), "only rise or only fall")
fails(call["rollout"](carts, 2, grid, path, 0), "a substep or more, got 2 and 0")
fails(call["entropy"](carts, 1, path, s), "expected a model with an entropy, got a driven_mechanical")
fails(call["component"](carts, 0), "expected one of the 0 components")
call["free"](carts)

# What goes wrong is said in a line, and nothing changes.
assert call["get_latent"](plane, z) == 0
close(z, truth, 0)
fails(call["load"](b"/nowhere/model"), "/nowhere/model")
fails(call["load"](f"{directory}/unknown.safetensors".encode()), "got 'hamiltonian' '2-8-1' 'tanh' 'film' 'f64' in ")
damaged = bytearray(open(f"{directory}/plane.safetensors", "rb").read())
damaged[-100] ^= 1
open(f"{directory}/damaged.safetensors", "wb").write(damaged)
fails(call["load"](f"{directory}/damaged.safetensors".encode()), "expected the checksum '")
fails(call["load"](None), "null pointer")
fails(call["adapt"](plane, 0, array([0.0]), array([0.0]), None, 0), "at least one measurement")
fails(call["adapt"](plane, 1, array([0.0, math.nan]), array([0.0, 0.0]), None, 0), "finite measurements")
fails(call["adapt"](plane, 1, None, array([0.0, 0.0]), None, 0), "null pointer")
fails(call["adapt_states"](plane, 2, array([1.0, 1.0]), array([0.0] * 4), 0), "times that increase")
fails(call["set_latent"](plane, array([0.0, math.inf, 0.0])), "finite latent")
fails(call["field"](None, 1, array([0.0] * 2), array([0.0] * 2)), "null pointer")
fails(call["field"](plane, -1, array([0.0] * 2), array([0.0] * 2)), "0 points or more")
assert call["get_latent"](plane, z) == 0
close(z, truth, 0)
call["free"](plane)
print("all C functions agree with what they promise")
