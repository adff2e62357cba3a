"""A Lagrangian's field and training step beside autograd's: asks our program and, where given, that of LibTorch in turns with PyTorch,
five rounds, and prints medians of the seconds and of the rounds' ratios. The work is that of benchmarks/lagrangian/main.cpp, in double:
the Hessian rows by second derivatives, their gradient by third ones; systems go through batched products, the 2 x 2 equation is solved in
closed form.

cmake --build build --target lagrangian_speed bench_libtorch_lagrangian
/usr/bin/python3 benchmarks/peers/lagrangian.py build/bin/lagrangian_speed build/bin/bench_libtorch_lagrangian
"""

import math
import statistics
import subprocess
import sys
import time

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
LATENT, RANK, SYSTEMS, POINTS = 4, 5, 70, 32
SHAPES = [(64, 4), (64, 64), (64, 64), (1, 64)]


def parameter(*shape, deviation=0.1):
    return (deviation * torch.randn(*shape)).requires_grad_()


def rates(x, network, train):
    """v and its rate, by autograd; x [..., 4]."""
    x = x.detach().requires_grad_()
    v = x[..., 2:]
    lagrangian = (v * v).sum() / 2 + network(x).sum()
    slope = torch.autograd.grad(lagrangian, x, create_graph=True)[0]
    rows = [torch.autograd.grad(slope[..., i].sum(), x, create_graph=train, retain_graph=True)[0] for i in (2, 3)]
    f, g = (slope[..., i] - (rows[i][..., :2] * v).sum(-1) for i in (0, 1))
    (a, b), (c, d) = (row[..., 2:].unbind(-1) for row in rows)
    determinant = a * d - b * c
    return torch.stack([v[..., 0], v[..., 1], (d * f - b * g) / determinant, (a * g - c * f) / determinant], -1)


class Field:
    def __init__(self):
        self.layers = [(torch.randn(o, i) * math.sqrt(2 / (i + o)), torch.zeros(o)) for o, i in SHAPES]
        self.x = torch.tensor([0.5, -0.3, 0.2, 0.1])

    def network(self, h):
        for w, b in self.layers[:-1]:
            h = torch.tanh(torch.addmv(b, w, h))
        return self.layers[-1][0] @ h

    def __call__(self):
        self.x = self.x + 1e-6 * rates(self.x, self.network, False).detach()


class Step:
    def __init__(self):
        torch.manual_seed(0)
        self.x, self.dx = torch.randn(SYSTEMS, POINTS, 4), torch.randn(SYSTEMS, POINTS, 4)
        self.weights = [parameter(o, i, deviation=math.sqrt(2 / (i + o))) for o, i in SHAPES]
        self.biases = [parameter(o, deviation=0.0) for o, _ in SHAPES[:-1]]
        self.bases = [(parameter(o, RANK), parameter(i, RANK)) for o, i in SHAPES]
        self.size = sum(RANK for _ in SHAPES) + sum(o for o, _ in SHAPES[:-1])
        self.latents = parameter(SYSTEMS, LATENT, deviation=0.01)
        self.slope, self.offset = parameter(LATENT, self.size), parameter(self.size)
        parameters = self.weights + self.biases + [b for pair in self.bases for b in pair] + [self.slope, self.offset]
        self.optimizer = torch.optim.Adam([{"params": parameters, "lr": 2e-3}, {"params": [self.latents], "lr": 1e-2}],
                                          foreach=True)

    def network(self, h):
        codes = torch.addmm(self.offset, self.latents, self.slope).split([RANK] * 4 + [64] * 3, 1)
        for k, (w, (u, v)) in enumerate(zip(self.weights, self.bases)):
            left = u * torch.relu(codes[k])[:, None, :]
            w = torch.baddbmm(w.expand(SYSTEMS, -1, -1), left, v.T.expand(SYSTEMS, -1, -1)).transpose(1, 2)
            if k == 3:
                return torch.bmm(h, w)
            h = torch.tanh(torch.baddbmm((self.biases[k] + codes[4 + k])[:, None, :], h, w))

    def __call__(self):
        loss = (rates(self.x, self.network, True) - self.dx).square().mean()
        loss = loss + 1e-4 * self.latents.square().sum(-1).mean()
        for factor in (f for pair in self.bases for f in pair):
            if factor.shape[0] >= RANK:
                loss = loss + 1e-3 * (factor.T @ factor - torch.eye(RANK)).square().sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()


def seconds(work):
    runs, start = 0, time.perf_counter()
    while time.perf_counter() - start < 0.2:
        work()
        runs += 1
    return (time.perf_counter() - start) / runs


def asked(program):
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()

    def ask(row):
        print(row, file=process.stdin, flush=True)
        return float(process.stdout.readline())

    return ask


def main():
    ours = asked(sys.argv[1])
    works = {"field": Field(), "train_step": Step()}
    for row, work in works.items():
        peers = {"PyTorch": lambda row: seconds(work)}
        if row == "field" and len(sys.argv) > 2:
            peers["LibTorch"] = asked(sys.argv[2])
        rounds = [(ours(row), {peer: ask(row) for peer, ask in peers.items()}) for _ in range(6)][1:]
        print(f"{row}: ours {1e6 * statistics.median(own for own, _ in rounds):.2f} us")
        for peer in peers:
            took = statistics.median(all[peer] for _, all in rounds)
            times = statistics.median(all[peer] / own for own, all in rounds)
            print(f"  {peer}, autograd {1e6 * took:.1f} us, {times:.1f} times")


if __name__ == "__main__":
    main()
