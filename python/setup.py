"""Builds the C library with CMake and puts it beside the Python files.

METRIPLEX_C_MAKES names the makes of models that it loads, such as "hamiltonian-2-svd5-f64-64x3;generic-4.2-svd5-f64-64x3".
"""

import os
import pathlib
import re
import subprocess

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

here = pathlib.Path(__file__).resolve().parent
root = here.parent
header = (root / "include/metriplex/version.hpp").read_text()
version = ".".join(re.findall(r"define METRIPLEX_VERSION_\w+ (\d+)", header))


class BuildLibrary(build_py):
    def run(self):
        super().run()
        folder = here / "build" / "library"
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DMETRIPLEX_TESTS=OFF", "-DMETRIPLEX_BENCHMARKS=OFF", "-DMETRIPLEX_EXAMPLES=OFF",
                   "-DMETRIPLEX_C_API=ON"]
        makes = os.environ.get("METRIPLEX_C_MAKES")
        if makes:
            options.append("-DMETRIPLEX_C_MAKES=" + makes)
        subprocess.run(["cmake", "-S", root, "-B", folder, *options], check=True)
        subprocess.run(["cmake", "--build", folder, "--target", "metriplex_c", "--parallel"], check=True)
        for library in (folder / "bin").glob("*metriplex_c*"):
            self.copy_file(str(library), str(pathlib.Path(self.build_lib) / "metriplex" / library.name))


class BinaryDistribution(Distribution):
    """Has a library for one platform."""

    def has_ext_modules(self):
        return True


setup(version=version, cmdclass={"build_py": BuildLibrary}, distclass=BinaryDistribution)
