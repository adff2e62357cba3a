"""Meta-training of a Hamiltonian benchmark family in PyTorch, as the reference of benchmarks/reference.csv did it.

Usage: meta_train.py FAMILY.npz [MODULATION] [--steps N]; prints the seconds of training and e_field of the unseen members, pooled,
in hundredths. float32, 70 members x 64 points a step, Adam 2e-3 (latents 1e-2) falling by a cosine to 1 %; then 500 steps of
Adam (2e-2) on the latent alone from the 50 points of a member's first trajectory. Of the ways to write a step (train_step.py)
the fastest is taken; to find it is not counted.
"""

import math
import sys
import time

import numpy
import torch

from train_step import Step, seconds

TRAINED, POINTS = 70, 64


def on(step, x, dx):
    """Lets a step look at other measurements."""
    step.x, step.dx = x, dx


def train(step, x, dx, steps):
    schedule = torch.optim.lr_scheduler.LambdaLR(
        step.optimizer, lambda k: 0.01 + 0.99 * (1 + math.cos(math.pi * k / steps)) / 2)
    start = time.perf_counter()
    for _ in range(steps):
        chosen = torch.randint(x.shape[1], (TRAINED, POINTS, 1)).expand(-1, -1, x.shape[2])
        on(step, x.gather(1, chosen), dx.gather(1, chosen))
        step()
        schedule.step()
    return time.perf_counter() - start


def adapt(step, x, dx):
    """Moves one latent alone, from the mean of the training latents, and leaves it in the step."""
    step.latents = step.trained.mean(0, keepdim=True).clone().requires_grad_()
    optimizer = torch.optim.Adam([step.latents], lr=2e-2)
    on(step, x[None], dx[None])
    for _ in range(500):
        loss = (step.field() - step.dx).square().mean() / step.mean_square + 1e-4 * step.latents.square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def exact(family, mu, x):
    a, b = mu
    q, p = x[..., 0], x[..., 1]
    force = {"pendulum": lambda: -3 * a * b * torch.sin(q), "mass_spring": lambda: -b * q,
             "duffing": lambda: -a * q - b * q**3}[family]()
    mass = {"pendulum": a * b * b, "mass_spring": a, "duffing": 1.0}[family]
    return torch.stack([p / mass, force], -1)


BOX = {"pendulum": (2.2, 1.5), "mass_spring": (1.0, 1.0), "duffing": (1.5, 1.0)}


def fastest(modulation, x, dx):
    best, least = None, math.inf
    for by_hand in (True, False):
        for factored in (True, False):
            step = Step(torch.float32, 64, modulation, TRAINED, POINTS, by_hand, factored)
            step.mean_square, step.mean, step.scale = dx.square().mean(), x.mean((0, 1)), x.std((0, 1))
            on(step, x[:, :POINTS], dx[:, :POINTS])
            step()
            took = seconds(step, 0.5)
            if took < least:
                best, least = (by_hand, factored), took
    step = Step(torch.float32, 64, modulation, TRAINED, POINTS, *best)
    step.mean_square, step.mean, step.scale = dx.square().mean(), x.mean((0, 1)), x.std((0, 1))
    return step


def main():
    torch.set_num_threads(1)
    words = sys.argv[1:]
    steps = 5000
    if "--steps" in words:
        at = words.index("--steps")
        steps = int(words[at + 1])
        del words[at : at + 2]
    family = words[0].rsplit("/", 1)[-1].removesuffix(".npz")
    modulation = words[1] if len(words) > 1 else "svd"
    data = numpy.load(words[0])
    flat = lambda name: torch.tensor(data[name], dtype=torch.float32).flatten(1, 2)
    x, dx, mu, samples = flat("X"), flat("dX"), data["mu"], len(data["t"])

    step = fastest(modulation, x[:TRAINED], dx[:TRAINED])
    took = train(step, x[:TRAINED], dx[:TRAINED], steps)

    step.trained = step.latents.detach()
    axes = [torch.linspace(-side, side, 40) for side in BOX[family]]
    grid = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1).reshape(1, -1, 2)
    errors = []
    for member in range(TRAINED, len(mu)):
        adapt(step, x[member, :samples], dx[member, :samples])
        truth = exact(family, [float(v) for v in mu[member]], grid)
        on(step, grid, truth)
        errors.append(float((step.field() - truth).norm() / truth.norm()))
    print(f"{took:.1f} {100 * sum(errors) / len(errors):.3f}")


main()
