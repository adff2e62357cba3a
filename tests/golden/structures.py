"""Writes golden cases of structures beside this file: what PyTorch's autograd (double) makes of small networks, fields by
their textbook definitions, and the pullback of a cotangent to parameters, latent and states. Needs PyTorch 1.13:
/usr/bin/python3 tests/golden/structures.py"""

import json
import os

import torch

torch.set_default_dtype(torch.float64)
LATENT, POINTS, RANK = 3, 6, 3


def rounded(*shape, scale=1.0):
    return (torch.round(scale * torch.randn(*shape) * 1e4) / 1e4).requires_grad_()


class Network:
    """An Mlp with tanh, its weights modulated by a latent."""

    def __init__(self, name, sizes, modulation):
        self.name, self.layers, self.modulation, self.parameters = name, len(sizes) - 1, modulation, {}
        for l in range(self.layers):
            rows, columns, last = sizes[l + 1], sizes[l], l == self.layers - 1
            blocks = {} if last else {"s": (rows,)}
            blocks |= {"w": (rows, columns)} if modulation == "fw" else {"d": (RANK,)}
            self.add(l, "W", rounded(rows, columns, scale=0.7))
            self.add(l, "b", rounded(rows, scale=0.5))
            for block, shape in blocks.items():
                self.add(l, "A" + block, rounded(*shape, LATENT, scale=0.4))
                self.add(l, "c" + block, rounded(*shape, scale=0.4))
            if modulation == "svd":
                self.add(l, "U", rounded(rows, RANK, scale=0.6))
                self.add(l, "V", rounded(columns, RANK, scale=0.6))

    def add(self, layer, block, value):
        self.parameters[f"{self.name}.{layer}{block}"] = value

    def bind(self, z):
        self.effective = {}
        for l in range(self.layers):
            at = lambda block: self.parameters[f"{self.name}.{l}{block}"]
            code = lambda block: at("A" + block) @ z + at("c" + block)
            weight, bias = at("W"), at("b")
            if self.modulation == "fw":
                weight = weight + code("w")
            else:
                weight = weight + at("U") @ torch.diag(torch.relu(code("d"))) @ at("V").T
            if l < self.layers - 1:
                bias = bias + code("s")
            self.effective[f"{self.name}.{l}W"], self.effective[f"{self.name}.{l}b"] = weight, bias

    def __call__(self, x):
        for l in range(self.layers):
            x = self.effective[f"{self.name}.{l}W"] @ x + self.effective[f"{self.name}.{l}b"]
            if l < self.layers - 1:
                x = torch.tanh(x)
        return x


def gradient(value, x):
    return torch.autograd.grad(value, x, create_graph=True)[0]


def port_hamiltonian(networks, x):
    energy = networks["H"](x)[0]
    slope = gradient(energy, x)
    root = networks["C"](x).reshape(2, 2)
    J = torch.tensor([[0.0, 0, 1, 0], [0, 0, 0, 1], [-1, 0, 0, 0], [0, -1, 0, 0]])
    R = torch.zeros(4, 4)
    R[2:, 2:] = root @ root.T
    return energy, (J - R) @ slope


def poisson_so3(networks, x):
    energy = networks["H"](x)[0]
    return energy, torch.linalg.cross(x, gradient(energy, x))


def unstructured(networks, x):
    return torch.zeros(()), networks["f"](x)


def mechanical(networks, x, damped=False):
    """Euler and Lagrange's equations of L = T - V, by second derivatives of L."""
    q, v = x[:2], x[2:]

    def kinetic(q, v):
        c = networks["C"](q)
        B = torch.stack([torch.stack([1 + c[0], torch.zeros(())]), torch.stack([c[1], 1 + c[2]])])
        return 0.5 * ((B.T @ v) ** 2).sum() + 0.5 / 1024 * (v**2).sum()

    T, V = kinetic(q, v), networks["V"](q)[0]
    by_q, momentum = gradient(T - V, q), gradient(T, v)
    inertia = torch.stack([gradient(momentum[i], v) for i in range(2)])
    moved = torch.stack([gradient(momentum[i], q) @ v for i in range(2)])
    force = by_q - moved
    if damped:
        K = networks["K"](q).reshape(2, 2)
        force = force - K @ (K.T @ v)
    return T + V, torch.cat([v, torch.linalg.solve(inertia, force)])


def lagrangian(networks, x):
    """Euler and Lagrange's equations of L = |v|^2/2 + N(q, v)."""
    q, v = x[:2], x[2:]
    L = 0.5 * (v**2).sum() + networks["L"](torch.cat([q, v]))[0]
    momentum = gradient(L, v)
    inertia = torch.stack([gradient(momentum[i], v) for i in range(2)])
    moved = torch.stack([gradient(momentum[i], q) @ v for i in range(2)])
    return momentum @ v - L, torch.cat([v, torch.linalg.solve(inertia, gradient(L, q) - moved)])


CASES = {
    "port_hamiltonian": (4, {"H": [4, 7, 5, 1], "C": [4, 6, 4]}, port_hamiltonian),
    "poisson_so3": (3, {"H": [3, 7, 5, 1]}, poisson_so3),
    "unstructured": (3, {"f": [3, 7, 5, 3]}, unstructured),
    "mechanical": (4, {"C": [2, 7, 3], "V": [2, 7, 5, 1]}, mechanical),
    "mechanical_damped": (4, {"C": [2, 7, 3], "V": [2, 7, 1], "K": [2, 6, 4]},
                          lambda networks, x: mechanical(networks, x, True)),
    "lagrangian": (4, {"L": [4, 7, 5, 1]}, lagrangian),
}


def array(values):
    values = values.detach()
    return {"shape": list(values.shape), "data": values.reshape(-1).tolist()}


for structure, (dim, sizes, field) in CASES.items():
    for modulation in "fw", "svd":
        torch.manual_seed(7)
        networks = {name: Network(name, layers, modulation) for name, layers in sizes.items()}
        z, x, cotangent = rounded(LATENT), rounded(POINTS, dim), rounded(POINTS, dim)
        for network in networks.values():
            network.bind(z)
        made = [field(networks, point) for point in x]
        rates = torch.stack([rate for _, rate in made])
        parameters = {k: v for network in networks.values() for k, v in network.parameters.items()}
        found = torch.autograd.grad((rates * cotangent.detach()).sum(), [z, x, *parameters.values()],
                                    allow_unused=True)
        found = [torch.zeros_like(to) if d is None else d for d, to in zip(found, [z, x, *parameters.values()])]
        case = {
            "structure": structure, "modulation": modulation, "networks": list(sizes),
            "latent": array(z), "x": array(x), "cotangent": array(cotangent),
            "parameters": {k: array(v) for k, v in parameters.items()},
            "effective": {k: array(v) for network in networks.values() for k, v in network.effective.items()},
            "energy": array(torch.stack([energy for energy, _ in made])), "field": array(rates),
            "latent_gradient": array(found[0]), "x_gradient": array(found[1]),
            "parameter_gradient": {k: array(d) for k, d in zip(parameters, found[2:])},
        }
        with open(os.path.join(os.path.dirname(__file__), f"{structure}{dim}_{modulation}.json"), "w") as file:
            json.dump(case, file)
