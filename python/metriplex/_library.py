"""The C library (examples/c_api/metriplex_c.h) by ctypes, each function under its name without the prefix."""

import ctypes
import os
import pathlib

import numpy as np


class MetriplexError(RuntimeError):
    """What a call expected and what came, in one line."""


def _path():
    told = os.environ.get("METRIPLEX_LIBRARY")
    if told:
        return told
    here = pathlib.Path(__file__).parent
    for name in ("libmetriplex_c.so", "libmetriplex_c.dylib", "metriplex_c.dll"):
        if (here / name).exists():
            return str(here / name)
    raise ImportError(
        f"expected the C library in {here}, where pip installs it, or its path in METRIPLEX_LIBRARY, got neither"
    )


_lib = ctypes.CDLL(_path())
_real = ctypes.POINTER(ctypes.c_double)
_model, _int, _text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p


def _bind(name, result, *arguments):
    function = getattr(_lib, "metriplex_" + name)
    function.argtypes, function.restype = arguments, result
    return function


error = _bind("error", _text)
load = _bind("load", _model, _text)
free = _bind("free", None, _model)
known_make = _bind("known_make", _text, _int)
make = _bind("make", _text, _model)
dimension = _bind("dimension", _int, _model)
given = _bind("given", _int, _model)
component = _bind("component", _text, _model, _int)
latent = _bind("latent", _int, _model)
adapt = _bind("adapt", _int, _model, _int, _real, _real, _real, ctypes.c_double)
adapt_states = _bind("adapt_states", _int, _model, _int, _real, _real, ctypes.c_double)
update = _bind("update", _int, _model, _real, _real, _real)
reset = _bind("reset", _int, _model)
stream_status = _bind("stream_status", _int, _model)
changes = _bind("changes", _int, _model)
innovation = _bind("innovation", _int, _model, _real, _real)
get_latent = _bind("get_latent", _int, _model, _real)
set_latent = _bind("set_latent", _int, _model, _real)
get_covariance = _bind("get_covariance", _int, _model, _real)
field = _bind("field", _int, _model, _int, _real, _real)
energy = _bind("energy", _int, _model, _int, _real, _real)
entropy = _bind("entropy", _int, _model, _int, _real, _real)
step = _bind("step", _int, _model, _real, ctypes.c_double, _int)
rollout = _bind("rollout", _int, _model, _int, _real, _real, _int)


def checked(result):
    """Returns what a function returned, or raises what it says went wrong."""
    if result is None or (isinstance(result, int) and result < 0):
        raise MetriplexError(error().decode(errors="replace"))
    return result


def pointer(array):
    """Points to the numbers of an array of doubles in C order, which must live as long."""
    return array.ctypes.data_as(_real)


def known_makes():
    """Names the makes of models that the library was built with."""
    names = []
    while (name := known_make(len(names))) is not None:
        names.append(name.decode())
    return sorted(names)


def doubles(values, shape, name):
    """Makes an array of doubles of a shape, in which None is any length; a copy only where it must be."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    if array.ndim != len(shape) or any(s is not None and s != n for s, n in zip(shape, array.shape)):
        expected = ", ".join("any" if s is None else str(s) for s in shape)
        raise MetriplexError(f"expected {name} of shape [{expected}], got {list(array.shape)}")
    return array
