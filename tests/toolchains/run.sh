#!/usr/bin/env bash
# Compiles and runs the library with compilers, standards, settings and versions of libraries that CI has not, and prints a row each of
# docs/toolchains.md. Compilers that are not there are left out; libraries are fetched from their repositories and built in WORK.
# Usage: run.sh [ROW...]     all unless given: compilers settings eigen catch2 json cli11 sundials        WORK: build/toolchains
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${WORK:-$root/build/toolchains}
mkdir -p "$work"
cd "$work"
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-sign-conversion -Werror"
failed=0

row() { # row NAME WHAT COMMAND...: runs it, and prints how it ended
  local name=$1 what=$2 log
  shift 2
  log=$work/$(echo "$name" | tr -c 'a-zA-Z0-9\n' _).log
  if "$@" >"$log" 2>&1; then
    echo "| $name | $what | passes |"
  else
    echo "| $name | $what | **fails** ($(grep -m 1 -E 'error|FAILED|\*\*\*' "$log" | cut -c 1-160 || tail -n 1 "$log")) |"
    failed=1
  fi
}
use() { # use COMPILER FLAGS...: compiles and runs use.cpp
  "$@" -I"$root/include" "$root/tests/toolchains/use.cpp" -o use && ./use
}
tests() { # tests FOLDER "TESTS" OPTIONS...: builds tests of the project and runs them
  local folder=$1 tests=$2
  shift 2
  cmake -S "$root" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMETRIPLEX_EXAMPLES=OFF -DMETRIPLEX_C_API=OFF -DMETRIPLEX_BENCHMARKS=OFF "$@" &&
    cmake --build "$folder" --target $(printf 'test_%s ' $tests) &&
    ctest --test-dir "$folder" --output-on-failure -R "^($(echo "$tests" | tr ' ' '|'))\$"
}
fetched() { # fetched NAME REPOSITORY TAG: a copy of a library's sources in NAME
  [ -d "$1" ] || git -c advice.detachedHead=false clone -q --depth 1 ${3:+--branch "$3"} "$2" "$1"
}
installed() { # installed NAME OPTIONS...: the same, built and put into NAME-installed
  local name=$1
  shift
  [ -d "$name-installed" ] || {
    cmake -S "$name" -B "$name-build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$work/$name-installed" "$@" &&
      cmake --build "$name-build" --target install
  } >"$name.log" 2>&1
}

compilers() {
  local compiler known
  for compiler in "g++-11 -std=c++20" "g++-12 -std=c++20" "g++-12 -std=c++23" "clang++-14 -std=c++20" "clang++-16 -std=c++20" \
    "clang++-19 -std=c++20" "clang++-19 -std=c++23 -stdlib=libc++"; do
    command -v "${compiler%% *}" >/dev/null || continue
    case $compiler in g++-12*) known="-Wno-uninitialized -Wno-maybe-uninitialized" ;; *) known="" ;; esac # its own intrinsics (bug 105593)
    row "\`$compiler\`" "a user's program, no warning under \`-Wall -Wextra -Wpedantic -Wconversion -Wshadow\`" \
      use $compiler -O2 -march=native $warnings $known -isystem /usr/include/eigen3
  done
  for compiler in g++-11 clang++-16 clang++-19; do
    command -v "$compiler" >/dev/null || continue
    row "\`$compiler\`, tests" "the tests of \`core\`, \`nn\` and \`structure\`" \
      tests "tests-$compiler" "core nn structure" -DCMAKE_CXX_COMPILER="$compiler" -DMETRIPLEX_OPENMP=OFF
  done
}

settings() {
  local flags
  for flags in -fno-rtti "-ffast-math -fno-finite-math-only" -DEIGEN_DONT_VECTORIZE -DEIGEN_MAX_ALIGN_BYTES=0 "-O0" "-m32 -msse2 -mfpmath=sse"; do
    [ "$flags" != "-m32 -msse2 -mfpmath=sse" ] || echo 'int main() {}' | g++ -m32 -x c++ - -o /dev/null 2>/dev/null || continue
    row "\`$flags\`" "a user's program" use g++ -std=c++20 -O2 $flags -isystem /usr/include/eigen3
  done
}

eigen() {
  fetched eigen https://gitlab.com/libeigen/eigen.git "${EIGEN:-}"
  installed eigen -DEIGEN_BUILD_TESTING=OFF -DBUILD_TESTING=OFF -DEIGEN_BUILD_DOC=OFF -DEIGEN_BUILD_BLAS=OFF -DEIGEN_BUILD_LAPACK=OFF -DEIGEN_BUILD_DEMOS=OFF
  local version
  version=$(sed -n 's/.*VERSION_STRING "\(.*\)"/\1/p' eigen/Eigen/Version)
  row "Eigen $version" "a user's program" use g++ -std=c++20 -O2 -march=native $warnings -Wno-uninitialized -Wno-maybe-uninitialized -isystem eigen-installed/include/eigen3
  row "Eigen $version, CMake" "the tests of \`core\`, \`nn\`, \`structure\` and \`integrate\`, by \`find_package\`" \
    tests tests-eigen "core nn structure integrate" -DCMAKE_PREFIX_PATH="$work/eigen-installed"
}

catch2() {
  fetched catch2 https://github.com/catchorg/Catch2.git "${CATCH2:-v3.7.1}"
  installed catch2 -DCATCH_INSTALL_DOCS=OFF -DBUILD_TESTING=OFF
  row "Catch2 ${CATCH2:-v3.7.1}" "the tests of \`core\` and \`structure\`" \
    tests tests-catch2 "core structure" -DCMAKE_PREFIX_PATH="$work/catch2-installed"
}

json() {
  fetched json https://github.com/nlohmann/json.git "${JSON:-}"
  installed json -DJSON_BuildTests=OFF
  row "nlohmann-json $(sed -n 's/^project(nlohmann_json VERSION \([0-9.]*\).*/\1/p' json/CMakeLists.txt)" "the tests of \`io\`" \
    tests tests-json io -DCMAKE_PREFIX_PATH="$work/json-installed"
}

cli11() {
  fetched cli11 https://github.com/CLIUtils/CLI11.git "${CLI11:-}"
  installed cli11 -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF -DCLI11_BUILD_DOCS=OFF
  row "CLI11 $(sed -n 's/#define CLI11_VERSION "\(.*\)"/\1/p' cli11/include/CLI/Version.hpp)" "\`meta_train --help\`, \`metriplex --help\`" drivers
}
drivers() {
  cmake -S "$root" -B drivers -G Ninja -DCMAKE_BUILD_TYPE=Release -DMETRIPLEX_TESTS=OFF -DMETRIPLEX_BENCHMARKS=OFF \
    -DCMAKE_PREFIX_PATH="$work/cli11-installed" &&
    cmake --build drivers --target meta_train metriplex-use && drivers/bin/meta_train --help && drivers/bin/metriplex --help
}

sundials() {
  fetched sundials https://github.com/LLNL/sundials.git "${SUNDIALS:-}"
  installed sundials -DBUILD_ARKODE=OFF -DBUILD_CVODES=OFF -DBUILD_IDA=OFF -DBUILD_IDAS=OFF -DBUILD_KINSOL=OFF -DBUILD_STATIC_LIBS=OFF \
    -DEXAMPLES_ENABLE_C=OFF -DEXAMPLES_ENABLE_CXX=OFF -DEXAMPLES_INSTALL=OFF -DSUNDIALS_ENABLE_C_EXAMPLES=OFF
  row "SUNDIALS $(sed -n 's/^set(PACKAGE_VERSION_\(MAJOR\|MINOR\|PATCH\) "\(.*\)").*/\2/p' sundials/CMakeLists.txt | paste -sd.)" \
    "the tests of \`compat\`" tests tests-sundials compat -DCMAKE_PREFIX_PATH="$work/sundials-installed"
}

echo "| what | what was run | result |"
echo "|---|---|---|"
for part in ${*:-compilers settings eigen catch2 json cli11 sundials}; do "$part"; done
exit $failed
