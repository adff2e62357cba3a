#!/usr/bin/env bash
# ADOL-C 2.7.2 (Debian 12, libadolc-dev 2.7.2-6): std::numeric_limits<adouble> is not specialised, so the primary template
# answers. infinity(), max() and epsilon() compile and are 0. A search for the least of some energies that starts from
# infinity() then finds 0 and the gradient 0, whatever the energies are, without a warning.
# Expected: a specialisation, or no code that compiles. Seen with g++ 12.2.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for package in libadolc-dev=2.7.2-6 libadolc2=2.7.2-6; do apt-get -qq download "$package" 2>/dev/null; done
for file in *.deb; do dpkg -x "$file" root; done
cat >least.cpp <<'CPP'
#include <adolc/adolc.h>
#include <cstdio>
#include <limits>
int main() {
  using limits = std::numeric_limits<adouble>;
  std::printf("specialised %d, infinity %g, max %g, epsilon %g\n", int(limits::is_specialized),
              limits::infinity().value(), limits::max().value(), limits::epsilon().value());
  double x = 2, value, slope;
  trace_on(1);
  adouble at;
  at <<= x;
  adouble least = limits::infinity();
  for (int k = 1; k <= 3; ++k) least = fmin(least, k * at * at);
  least >>= value;
  trace_off();
  gradient(1, 1, &x, &slope);
  std::printf("least of k x^2 at 2: %g, derivative %g (4 and 4)\n", value, slope);
}
CPP
libraries=root/usr/lib/$(gcc -print-multiarch)
g++ -std=c++17 -Iroot/usr/include least.cpp -L"$libraries" -ladolc -o least
seen=$(LD_LIBRARY_PATH=$libraries ./least)
echo "$seen"
[ "$seen" = "specialised 0, infinity 0, max 0, epsilon 0
least of k x^2 at 2: 0, derivative 0 (4 and 4)" ]
