#!/usr/bin/env bash
# pandas 1.5.3 (Debian 12, python3-pandas 1.5.3+dfsg-2), read_csv: of 100,000 doubles that to_csv wrote, each in digits that tell it
# exactly, a third come back as others, off by up to 4e-13 of themselves, 2,000 roundings, without a warning. Second differences of a
# motion sampled at 1 kHz then carry noise that nobody measured. numpy.loadtxt reads the same file exactly, and so does pandas with
# float_precision="round_trip", which is not the default. Expected: the nearest double, as of Python's float().
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for package in python3-pandas=1.5.3+dfsg-2 python3-pandas-lib=1.5.3+dfsg-2 python3-numpy=1:1.24.2-1+deb12u1 \
  python3-dateutil=2.8.2-2 python3-tz=2022.7.1-4 python3-six=1.16.0-4 libblas3=3.11.0-2 liblapack3=3.11.0-2 libgfortran5; do
  apt-get -qq download "$package" 2>/dev/null
done
for file in *.deb; do dpkg -x "$file" root; done
cat >digits.py <<'PY'
import io
import numpy as np
import pandas as pd
x = np.random.default_rng(0).normal(size=100_000)
text = pd.DataFrame({"x": x}).to_csv(index=False)
def off(y):
    return f"{np.sum(x != y)} differ, by {np.max(np.abs((x - y) / x)):.1e}"
print("pandas", pd.__version__)
print("read_csv:", off(pd.read_csv(io.StringIO(text)).x.to_numpy()))
print("round_trip:", off(pd.read_csv(io.StringIO(text), float_precision="round_trip").x.to_numpy()))
print("numpy.loadtxt:", off(np.loadtxt(io.StringIO(text), skiprows=1)))
PY
libraries=root/usr/lib/$(gcc -print-multiarch)
seen=$(PYTHONPATH=root/usr/lib/python3/dist-packages LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack /usr/bin/python3 digits.py)
echo "$seen"
[ "$seen" = "pandas 1.5.3
read_csv: 32380 differ, by 4.2e-13
round_trip: 0 differ, by 0.0e+00
numpy.loadtxt: 0 differ, by 0.0e+00" ]
