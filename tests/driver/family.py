"""Writes families of oscillators as .npz files, with Python alone.

Usage: family.py DIRECTORY
"""
import math
import struct
import sys
import zipfile


def npy(shape, values):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s,), }" % ", ".join(map(str, shape))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<%dd" % len(values), *values)


def write(name, copies=1, samples=20, amplitude=1.0, frequency=0.2, size=1.0, clock=1.0, step=0.2, parameters=1, more=(), leave_out=()):
    """Members q'' = -w² q, their two components `copies` times, as (q, p, q, p) or, with 1, (q, p)."""
    members, trajectories = 8, 3
    x, dx = [], []
    for member in range(members):
        w = 1 + frequency * member / members
        for trajectory in range(trajectories):
            for sample in range(samples):
                phase = w * step * sample + 2 * trajectory + (0.1 * member if samples == 1 else 0)
                q, p = amplitude * math.cos(phase), -amplitude * w * math.sin(phase)
                x += [size * q, size * p] * copies
                dx += [size * p, -size * w * w * q] * copies
    shape = (members, trajectories, samples, 2 * copies)
    arrays = {
        "t": npy((samples,), [clock * step * sample for sample in range(samples)]),
        "X": npy(shape, x),
        "dX": npy(shape, dx),
        "mu": npy((members, parameters), [1 + frequency * member / members for member in range(members) for _ in range(parameters)]),
    }
    for array in more:
        arrays[array] = npy((1,), [0.0])
    with open(sys.argv[1].encode() + b"/" + name, "wb") as file, zipfile.ZipFile(file, "w") as archive:
        for array, content in arrays.items():
            if array not in leave_out:
                archive.writestr(array + ".npy", content)


write(b"plain.npz")
write(b"two_parameters.npz", parameters=2)
write(b"more.npz", more=("u", "names"))
write(b"minutes.npz", clock=1 / 60)
write(b"states.npz", leave_out=("dX",))
write(b"coarse.npz", step=1.2, leave_out=("dX",))
write(b"one_sample.npz", samples=1)
write(b"rest.npz", amplitude=0.0)
write(b"same.npz", frequency=0.0)
write(b"huge.npz", size=1e160)
write(b"four.npz", copies=2)
write(b"gr\xf6\xdfe.npz")


def table(name):
    """Oscillators that are pushed, q'' = u - w² q with u held from sample to sample, as a table, one row a sample: motions of 12 to 14
    samples at times of their own, and a number that is missing."""
    with open(sys.argv[1] + "/" + name, "w") as file:
        file.write("unit,motion,time,q,speed,push\n")
        for member in range(8):
            w = 1 + 0.2 * member / 8
            for motion in range(3):
                q, v = math.cos(2 * motion), -w * math.sin(2 * motion)
                for sample in range(12 + motion):
                    time, step, u = 0.25 * sample + 0.05 * (sample % 2), 0.25 + 0.05 * (-1) ** sample, 0.5 * math.sin(7 * sample + motion)
                    told = "" if member == motion == 1 and sample == 5 else repr(q)
                    file.write("unit %d,%d,%r,%s,%r,%r\n" % (member, motion, time, told, v, u))
                    away, c, s = q - u / w**2, math.cos(w * step), math.sin(w * step)
                    q, v = u / w**2 + away * c + v / w * s, v * c - w * away * s


table("table.csv")
