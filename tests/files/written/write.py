"""Writes one family in the ways of numpy, h5py and pandas, as far as they are installed: write.py DIRECTORY

Member m, motion k, sample s, component c, all from 1: X = 400 m + 100 k + 10 s + c, dX = -X, t = (s - 1)/2, mu = m + 6.
"""
import io
import os
import sys
import zipfile

import numpy as np

os.chdir(sys.argv[1])
m, k, s, c = np.meshgrid(*(np.arange(1, n + 1) for n in (2, 3, 5, 2)), indexing="ij")
X = (400 * m + 100 * k + 10 * s + c).astype("f8")
t = np.arange(5) / 2
family = dict(t=t, X=X, dX=-X, mu=np.array([[7.0], [8.0]]))


def converted(types, order="C"):
    return {name: np.array(array, dtype=types, order=order) for name, array in family.items()}


np.savez("numpy_plain.npz", **family)
np.savez_compressed("numpy_compressed.npz", **family)
np.savez("numpy_fortran.npz", **converted("f8", "F"))
np.savez_compressed("numpy_fortran_single.npz", **converted("<f4", "F"))
np.savez("numpy_big_endian.npz", **converted(">f8"))
np.savez("numpy_big_single.npz", **converted(">f4"))
np.savez("numpy_half.npz", **converted("<f2"))
np.savez("numpy_big_half.npz", **converted(">f2"))
np.savez("numpy_integers.npz", t=t, X=X.astype("i2"), dX=(-X).astype(">i8"), mu=np.array([[7], [8]], "u1"))
np.savez("numpy_times_of_members.npz", **{**family, "t": np.tile(t, (2, 1)), "mu": np.array([7.0, 8.0])})
np.savez("numpy_times_of_motions.npz", **{**family, "t": np.tile(t, (2, 3, 1))})
np.savez("numpy_objects_beside.npz", **family, names=np.array([{"a": 1}], dtype=object))
padded = np.concatenate([X, np.full((2, 3, 4, 2), np.nan)], 2)
np.savez("numpy_padded.npz", t=np.arange(9) / 2, X=padded, dX=-padded, mu=family["mu"])
member = np.repeat([0, 1], 3)
np.savez("numpy_three_axes.npz", t=t, X=X.reshape(6, 5, 2), dX=-X.reshape(6, 5, 2), mu=family["mu"], member=member)
np.savez("numpy_joined.npz", t=np.tile(t, 6), X=X.reshape(30, 2), dX=-X.reshape(30, 2), mu=family["mu"],
         member=np.repeat(member, 5), motion=np.repeat(np.tile([1, 2, 3], 2), 5))
motions = list(X.reshape(6, 5, 2))
np.savez("numpy_an_array_a_motion.npz", t=t, member=member, mu=family["mu"],
         **{f"X_{i}": x for i, x in enumerate(motions)}, **{f"dX_{i}": -x for i, x in enumerate(motions)})


class Stream(io.RawIOBase):
    """Cannot seek: sizes come after the data."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open("numpy_streamed.npz", "wb") as file:
    np.savez(Stream(file), **family)
for version in (1, 2, 3):
    with zipfile.ZipFile(f"numpy_zip64_version_{version}.npz", "w") as archive:
        for name, array in family.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, version=(version, 0))

columns = dict(member=m[..., 0].ravel(), motion=k[..., 0].ravel(), t=np.tile(t, 6), q=X[..., 0].ravel(), p=X[..., 1].ravel(),
               dq=-X[..., 0].ravel(), dp=-X[..., 1].ravel(), mu=(m[..., 0] + 6).ravel())
np.savetxt("numpy_header.csv", np.stack(list(columns.values()), 1), delimiter=",", header=",".join(columns))
np.savetxt("numpy_spaces.txt", np.stack(list(columns.values()), 1), header=" ".join(columns), comments="")

try:
    import h5py
except ImportError:
    print("no h5py")
else:
    with h5py.File("h5py_plain.h5", "w") as file:
        for name, array in family.items():
            file[name] = array
    with h5py.File("h5py_packed.h5", "w", libver="latest") as file:
        for name, array in family.items():
            file.create_dataset(name, data=array.astype(">f4"), chunks=array.shape, compression="gzip", shuffle=True)
        file["names"] = "text beside"

try:
    import pandas as pd
except ImportError:
    print("no pandas")
else:
    table = pd.DataFrame(columns)
    table.to_csv("pandas_plain.csv", index=False)
    table.to_csv("pandas_row_numbers.csv", lineterminator="\r\n")
    table.sample(frac=1, random_state=1).sort_values("t").to_csv("pandas_by_time.csv", sep=";", float_format="%.6e")
    table.assign(member=["AB"[i - 1] for i in table.member]).to_csv("pandas_text.csv", sep="\t", index=False, quoting=2)
