"""Trained families of systems: load one, adapt it to the system at hand, evaluate and step it, in NumPy arrays.

Arrays hold one point a row: x [points, dimension]. A model may be used by one thread at a time; different models by different threads.
"""

from metriplex._library import MetriplexError, known_makes
from metriplex._model import Family, Fit, Stream, StreamStatus

__all__ = ["Family", "Fit", "MetriplexError", "Stream", "StreamStatus", "known_makes"]
