"""A family of systems, and the member of it that was identified last."""

import enum
import os

import numpy as np

from metriplex import _library as c


class Fit(enum.IntEnum):
    """How an adaptation ended."""

    CONVERGED = 0
    STOPPED = 1  #: after all iterations, before it converged
    POOR = 2  #: no member of the family explains the measurements to the expected noise
    OUTSIDE = 3  #: one does, unlike all that the model was trained on: it may be wrong elsewhere


class StreamStatus(enum.IntEnum):
    """What a stream seems to be."""

    LEARNING = 0  #: a member of the family, not known for long
    FOLLOWING = 1  #: a member of the family
    RECONSIDERING = 2  #: it surprises: the latent is provisional
    OUT_OF_FAMILY = 3  #: none of the family


class Family:
    """A trained model, adapted to one member of its family: at first, to the mean of those that it was trained on.

    Errors: `MetriplexError`: a file that cannot be read, a model of a make that the library was not built with.
    """

    def __init__(self, path):
        self._model = c.checked(c.load(os.fsencode(path)))
        self.dimension = c.checked(c.dimension(self._model))
        self.given = c.checked(c.given(self._model))  #: how many of the last components are given: inputs, or the time
        self.latent = c.checked(c.latent(self._model))
        self.make = c.checked(c.make(self._model)).decode()

    def __del__(self):
        if getattr(self, "_model", None):
            c.free(self._model)
            self._model = None

    def __repr__(self):
        return f"<metriplex.Family {self.make} of {', '.join(self.components)}>"

    @property
    def components(self):
        """Names of a state's components, as the file has them, or x1, x2, …"""
        names = [c.component(self._model, i) for i in range(self.dimension)]
        return [name.decode() if name else f"x{i + 1}" for i, name in enumerate(names)]

    def adapt(self, x, dx=None, *, times=None, weights=None, noise=0.0):
        """Identifies a system from pairs (x, dx), or from one motion: states x at times; returns how that ended.

        Shapes: x, dx, weights [samples, dimension], times [samples]; a weight of 0 is a measurement that is missing. noise: what
        errors to expect, relative to the rates' size, of states alone to the states' spread; 0: the default.
        """
        x = c.doubles(x, (None, self.dimension), "states")
        if (dx is None) == (times is None):
            raise c.MetriplexError("expected rates dx, or the times of the states, got " + ("neither" if dx is None else "both"))
        if dx is None:
            if weights is not None:
                raise c.MetriplexError("expected weights of pairs (x, dx), got some of states alone")
            times = c.doubles(times, (len(x),), "times")
            return Fit(c.checked(c.adapt_states(self._model, len(x), c.pointer(times), c.pointer(x), noise)))
        dx = c.doubles(dx, x.shape, "rates")
        weights = None if weights is None else c.doubles(weights, x.shape, "weights")
        return Fit(c.checked(c.adapt(self._model, len(x), c.pointer(x), c.pointer(dx), weights if weights is None else c.pointer(weights), noise)))

    def stream(self, noise):
        """Begins a stream of measurements whose rates have errors of deviations `noise` [dimension]."""
        return Stream(self, c.doubles(noise, (self.dimension,), "noise"))

    @property
    def z(self):
        """The latent of the member, [latent]; set it to become another member."""
        z = np.empty(self.latent)
        c.checked(c.get_latent(self._model, c.pointer(z)))
        return z

    @z.setter
    def z(self, values):
        c.checked(c.set_latent(self._model, c.pointer(c.doubles(values, (self.latent,), "a latent"))))

    @property
    def covariance(self):
        """The covariance of the latent, [latent, latent]; zero where it was set."""
        covariance = np.empty((self.latent, self.latent))
        c.checked(c.get_covariance(self._model, c.pointer(covariance)))
        return covariance

    def _at(self, x):
        return c.doubles(np.atleast_2d(x), (None, self.dimension), "states"), np.ndim(x) == 1

    def field(self, x):
        """Evaluates the rates of change at states x, [points, dimension] or one [dimension]."""
        x, one = self._at(x)
        dx = np.empty_like(x)
        c.checked(c.field(self._model, len(x), c.pointer(x), c.pointer(dx)))
        return dx[0] if one else dx

    def _potential(self, function, x):
        x, one = self._at(x)
        values = np.empty(len(x))
        c.checked(function(self._model, len(x), c.pointer(x), c.pointer(values)))
        return float(values[0]) if one else values

    def energy(self, x):
        """Evaluates the learned energy at states x; raises if the structure has none."""
        return self._potential(c.energy, x)

    def entropy(self, x):
        """Evaluates the entropy at states x; raises if the structure has none."""
        return self._potential(c.entropy, x)

    def step(self, x, dt, steps=1):
        """Steps a state [dimension] by a scheme that keeps the model's laws, `steps` times by dt; returns the last state."""
        state = np.array(c.doubles(x, (self.dimension,), "a state"))
        c.checked(c.step(self._model, c.pointer(state), dt, steps))
        return state

    def rollout(self, x, times, inputs=None, substeps=1):
        """Predicts the motion from state x at times[0] on, by the same scheme; returns the states at times, [samples, dimension].

        Shapes: x [dimension], or without its given components where `inputs` [samples, given] has them, held from time to time.
        """
        times = c.doubles(times, (None,), "times")
        own = self.dimension - self.given
        states = np.empty((len(times), self.dimension))
        if inputs is None:
            if self.given:
                raise c.MetriplexError(f"expected inputs [samples, {self.given}] of a model that is given some, got none")
        else:
            states[:, own:] = c.doubles(np.reshape(inputs, (len(times), -1)), (len(times), self.given), "inputs")
        states[0, :own] = c.doubles(x, (np.size(x),), "a state")[:own]
        c.checked(c.rollout(self._model, len(times), c.pointer(times), c.pointer(states), substeps))
        return states


class Stream:
    """Follows a system from one measurement after another, and tells when it changed, or is none of the family."""

    def __init__(self, family, noise):
        self._family, self._noise = family, noise
        c.checked(c.reset(family._model))

    def update(self, x, dx):
        """Takes one measurement more, moves the family there and returns what the stream seems to be."""
        d = self._family.dimension
        x, dx = c.doubles(x, (d,), "a state"), c.doubles(dx, (d,), "rates")
        c.checked(c.update(self._family._model, c.pointer(x), c.pointer(dx), c.pointer(self._noise)))
        return self.status

    @property
    def status(self):
        return StreamStatus(c.checked(c.stream_status(self._family._model)))

    @property
    def changes(self):
        """How often the system became another member."""
        return c.checked(c.changes(self._family._model))

    @property
    def innovation(self):
        """How far the last measurement was from what was expected: chi-square, its degrees of freedom, and what it counted."""
        square, weight = np.empty(1), np.empty(1)
        terms = c.checked(c.innovation(self._family._model, c.pointer(square), c.pointer(weight)))
        return float(square[0]), terms, float(weight[0])
