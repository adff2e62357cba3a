#!/ usr / bin / env python3
"""Writes samples of each format of recordings for sweeps and fuzzers: samples.py FOLDER [LENGTH of a motion]"""
import pathlib
import sys

import h5py
import numpy as np

folder, length = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 150
folder.mkdir(parents=True, exist_ok=True)
t = np.linspace(0, 10, length)
mu = np.array([[1.0, 2.0], [1.5, 0.5], [0.7, 1.1], [2.0, 1.0]])
phase = np.arange(5)[:, None]
X = np.array([[np.stack([np.cos(w * t + p), -w * np.sin(w * t + p)], -1) for p in range(5)] for w, _ in mu])
dX = np.array([[np.stack([-w * np.sin(w * t + p), -w * w * np.cos(w * t + p)], -1) for p in range(5)] for w, _ in mu])
np.savez(folder / "stored.npz", t=t, X=X, dX=dX, mu=mu)
np.savez_compressed(folder / "deflated.npz", t=t, X=X, dX=dX, mu=mu)
np.savez(folder / "kinds.npz", t=t.astype(">f4"), X_0=np.asfortranarray(X[0, 0]), X_1=X[1, 0].astype("f2"), n=np.arange(3))
with h5py.File(folder / "chunked.h5", "w") as file:
    for name, array in (("t", t), ("X", X), ("dX", dX), ("mu", mu)):
        file.create_dataset(name, data=array, compression="gzip" if name[-1] == "X" else None)
with open(folder / "table.csv", "w") as file:
    file.write("t,unit,q,p\n")
    for member in range(4):
        for k in range(length):
            file.write(f"{t[k]!r},{'abcd'[member]},{X[member, 0, k, 0]!r},{X[member, 0, k, 1]!r}\n")
