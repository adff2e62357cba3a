"""The training step and adaptation in PyTorch, as a peer of the benchmarks.

Answers names of rows (train_step/f64/w64/mr/70x64), one a line, with the seconds of one step; of adaptation
(adapt/.../f64/w64/50, whatever our method) with those of 500 steps of Adam on the latent of one system, all else frozen. The work is that of
the library: the same data, network, modulation, hypernetwork, losses and Adam. All systems go through batched
products; the gradient of the energy is taken by autograd (create_graph) or written out in tensor operations, effective
weights are formed or applied as factors, and the fastest of these answers.
"""

import math
import os
import sys
import time

try:
    import torch
except ImportError as error:
    sys.exit(print(error))

LATENT, LAYERS = 4, 4


def pendulums(systems, points):
    """States and exact rates, [systems, points, 2]; the sequence of pendulums.hpp."""
    spread = lambda k, step: (k * step) % 1.0
    j = torch.arange(systems, dtype=torch.float64)[:, None]
    n = torch.arange(systems * points, dtype=torch.float64).reshape(systems, points)
    m, l = 0.5 + spread(j, 0.6180339887), 0.7 + 0.6 * spread(j, 0.4142135623)
    q, p = -2.2 + 4.4 * spread(n, 0.7548776662), -1.5 + 3.0 * spread(n, 0.5698402910)
    return torch.stack([q, p], -1), torch.stack([p / (m * l * l), -3.0 * m * l * torch.sin(q)], -1)


class Step:
    """A model in training. `by_hand`: the gradient of the energy written out; `factored`: low ranks never multiplied out."""

    def __init__(self, dtype, width, modulation, systems, points, by_hand, factored):
        torch.manual_seed(0)
        self.modulation, self.points, self.by_hand, self.factored = modulation, points, by_hand, factored
        self.rank = 1 if modulation == "ro" else 5
        self.shapes = [(width, 2), (width, width), (width, width), (1, width)]
        self.x, self.dx = (a.to(dtype) for a in pendulums(systems, points))
        self.mean_square = self.dx.square().mean()
        self.mean = self.x.mean((0, 1))
        self.scale = self.x.std((0, 1))

        def parameter(*shape, deviation=0.1):
            return (deviation * torch.randn(*shape, dtype=dtype)).requires_grad_()

        self.weights = [parameter(o, i, deviation=math.sqrt(2 / (i + o))) for o, i in self.shapes]
        self.biases = [parameter(o, deviation=0.0) for o, _ in self.shapes[:-1]]
        self.bases = []
        if modulation == "svd":
            self.bases = [(parameter(o, self.rank), parameter(i, self.rank)) for o, i in self.shapes]
        self.code_shapes = [list(self.blocks(k)) for k in range(LAYERS)]
        size = sum(math.prod(s) for blocks in self.code_shapes for s in blocks)
        self.latents = parameter(systems, LATENT, deviation=0.01)
        parameters = self.weights + self.biases + [b for pair in self.bases for b in pair]
        groups = [{"params": parameters, "lr": 2e-3}, {"params": [self.latents], "lr": 1e-2}]
        if size > 0:
            self.slope, self.offset = parameter(LATENT, size), parameter(size)
            parameters += [self.slope, self.offset]
        self.optimizer = torch.optim.Adam(groups, foreach=True)

    def blocks(self, k):
        """Shapes of the parts of a layer's code."""
        o, i = self.shapes[k]
        if self.modulation == "none":
            return
        if k < LAYERS - 1:
            yield (o,)
        if self.modulation == "film":
            yield (o,)
        elif self.modulation == "fw":
            yield (o, i)
        elif self.modulation in ("ro", "mr"):
            yield (o, self.rank)
            yield (i, self.rank)
        elif self.modulation == "svd":
            yield (self.rank,)

    def layers(self):
        """Effective layers: a pair of functions, up (h to W h + b) and down (d to Wᵀ d); rows are points."""
        if self.modulation == "none":
            return [self.shared(w, b, None) for w, b in zip(self.weights, self.biases + [None])]
        codes = torch.addmm(self.offset, self.latents, self.slope)
        result, at = [], 0
        for k, (w, b) in enumerate(zip(self.weights, self.biases + [None])):
            code = []
            for shape in self.code_shapes[k]:
                size = math.prod(shape)
                code.append(codes[:, at : at + size].reshape(-1, *shape))
                at += size
            s = code.pop(0) if b is not None else None
            result.append(self.layer(k, w, b, s, code))
        return result

    def layer(self, k, w, b, s, code):
        if self.modulation == "shift":
            return self.shared(w, b, s)
        if self.modulation == "film":
            gain = 1 + code[0]
            b = None if b is None else b * gain + s
            if self.factored:
                return self.with_gain(w, b, gain)
            return self.batched(w * gain[:, :, None], b)
        b = None if b is None else b + s
        if self.modulation == "fw":
            return self.batched(w + code[0], b)
        if self.modulation == "svd":
            u, v = self.bases[k]
            u = u * torch.relu(code[0])[:, None, :]
            v = v.expand(len(u), -1, -1)
        else:
            u, v = code
        if self.factored and w.shape[0] > 1 and w.shape[1] > 2:
            return self.low_rank(w, b, u, v)
        return self.batched(torch.baddbmm(w.expand(len(u), -1, -1), u, v.transpose(1, 2)), b)

    def shared(self, w, b, s):
        """One matrix for all systems: one product for all points."""
        def up(h):
            if b is None:
                return h @ w.T
            out = torch.addmm(b, h.reshape(-1, h.shape[-1]), w.T).view(*h.shape[:-1], -1)
            return out if s is None else out + s[:, None, :]

        return up, lambda d: (d.reshape(-1, d.shape[-1]) @ w).view(*d.shape[:-1], -1)

    def batched(self, w, b):
        def up(h):
            return torch.bmm(h, w.transpose(1, 2)) if b is None else torch.baddbmm(b[:, None, :], h, w.transpose(1, 2))

        return up, lambda d: torch.bmm(d, w)

    def with_gain(self, w, b, gain):
        def up(h):
            out = (h.reshape(-1, h.shape[-1]) @ w.T).view(*h.shape[:-1], -1) * gain[:, None, :]
            return out if b is None else out + b[:, None, :]

        return up, lambda d: ((d * gain[:, None, :]).reshape(-1, d.shape[-1]) @ w).view(*d.shape[:-1], -1)

    def low_rank(self, w, b, u, v):
        def apply(w, b, u, v, h):
            out = (h.reshape(-1, h.shape[-1]) @ w).view(*h.shape[:-1], -1)
            if b is not None:
                out = out + b[:, None, :]
            return torch.baddbmm(out, torch.bmm(h, v), u.transpose(1, 2))

        return lambda h: apply(w.T, b, u, v, h), lambda d: apply(w, None, v, u, d)

    def field(self):
        layers = self.layers()
        if self.by_hand:
            h, slopes = (self.x - self.mean) / self.scale, []
            for up, _ in layers[:-1]:
                h = torch.tanh(up(h))
                slopes.append(1 - h * h)
            g = layers[-1][1](h.new_ones(*h.shape[:-1], 1))
            for slope, (_, down) in zip(reversed(slopes), reversed(layers[:-1])):
                g = down(slope * g)
            g = g / self.scale
        else:
            x = self.x.detach().requires_grad_()
            h = (x - self.mean) / self.scale
            for up, _ in layers[:-1]:
                h = torch.tanh(up(h))
            (g,) = torch.autograd.grad(layers[-1][0](h).sum(), x, create_graph=True)
        return torch.stack([g[..., 1], -g[..., 0]], -1)

    def __call__(self):
        loss = (self.field() - self.dx).square().mean() / self.mean_square
        loss = loss + 1e-4 * self.latents.square().sum(-1).mean()
        for factor in (f for pair in self.bases for f in pair):
            if factor.shape[0] >= self.rank:
                loss = loss + 1e-3 * (factor.T @ factor - torch.eye(self.rank, dtype=factor.dtype)).square().sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()


class Adaptation(Step):
    """500 steps on the latent of one system; what does not depend on it has no gradient."""

    def __init__(self, dtype, width, modulation, points, by_hand, factored):
        super().__init__(dtype, width, modulation, 1, points, by_hand, factored)
        for group in self.optimizer.param_groups:
            for parameter in group["params"]:
                parameter.requires_grad_(parameter is self.latents)
        for parameter in (self.slope, self.offset):
            parameter.requires_grad_(False)
        self.optimizer = torch.optim.Adam([self.latents], lr=1e-2)

    def __call__(self):
        for _ in range(500):
            loss = (self.field() - self.dx).square().mean() / self.mean_square
            loss = loss + 1e-4 * self.latents.square().sum(-1).mean()
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()


def seconds(step, at_least):
    runs, start = 0, time.perf_counter()
    while time.perf_counter() - start < at_least or runs == 0:
        step()
        runs += 1
    return (time.perf_counter() - start) / runs


def candidate(row, by_hand, factored):
    parts = row.split("/")
    scalar, width = parts[-3:-1] if parts[0] == "adapt" else parts[1:3]
    dtype = {"f64": torch.float64, "f32": torch.float32}[scalar]
    if parts[0] == "adapt":
        return Adaptation(dtype, int(width[1:]), "mr", int(parts[-1]), by_hand, factored)
    systems, points = map(int, parts[4].split("x"))
    return Step(dtype, int(width[1:]), parts[3], systems, points, by_hand, factored)


def fastest(row):
    modulation = "mr" if row.startswith("adapt/") else row.split("/")[3]
    best, least = None, math.inf
    for by_hand in (True, False):
        for factored in (True, False) if modulation in ("film", "ro", "mr", "svd") else (False,):
            step = candidate(row, by_hand, factored)
            step()
            time_of_step = seconds(step, 0.1)
            if time_of_step < least:
                best, least = step, time_of_step
    if os.environ.get("VERBOSE"):
        print(f"{row}: by_hand={best.by_hand} factored={best.factored}", file=sys.stderr)
    return best


def main():
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    steps = {}
    print("ready", flush=True)
    for line in sys.stdin:
        row = line.strip()
        if row not in steps:
            steps[row] = fastest(row)
        print(seconds(steps[row], 0.1), flush=True)


if __name__ == "__main__":
    main()
