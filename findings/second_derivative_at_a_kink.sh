#!/usr/bin/env bash
# |-x^2| is x^2, whose second derivative at 0 is 2. Two libraries that differentiate energies tell otherwise, each in a way of its
# own, since abs looks at the sign of the value alone, which is 0 there:
# - ADOL-C 2.7.2 (Debian 12, libadolc-dev 2.7.2-6), hessian() over fabs: 0.
# - Ceres 2.1.0 (Debian 12, libceres-dev 2.1.0+really2.1.0+dfsg-1), a Jet of Jets, abs: NaN.
# (A stiffness of 0, or none, for a spring at rest.) Seen with g++ 12.2 and Eigen 3.4.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for package in libadolc-dev=2.7.2-6 libadolc2=2.7.2-6 libceres-dev=2.1.0+really2.1.0+dfsg-1 libeigen3-dev=3.4.0-4; do
  apt-get -qq download "$package" 2>/dev/null
done
for file in *.deb; do dpkg -x "$file" root; done
cat >kink.cpp <<'CPP'
#include <adolc/adolc.h>
#include <ceres/jet.h>
#include <cmath>
#include <cstdio>
int main() {
  double x = 0, value, row[1], *rows[1] = {row};
  trace_on(1);
  adouble at;
  at <<= x;
  adouble energy = fabs(-at * at);
  energy >>= value;
  trace_off();
  hessian(1, 1, &x, rows);
  std::printf("ADOL-C: %g\n", row[0]);

  using Jet = ceres::Jet<double, 1>;
  ceres::Jet<Jet, 1> twice;
  twice.a = Jet(0.0, 0);
  twice.v[0] = Jet(1.0);
  const auto bent = abs(-twice * twice);
  std::printf("Ceres: %s\n", std::isnan(bent.v[0].v[0]) ? "NaN" : "a number");
}
CPP
libraries=root/usr/lib/$(gcc -print-multiarch)
g++ -std=c++17 -Iroot/usr/include -Iroot/usr/include/eigen3 kink.cpp -L"$libraries" -ladolc -o kink
seen=$(LD_LIBRARY_PATH=$libraries ./kink)
echo "$seen"
[ "$seen" = "ADOL-C: 0
Ceres: NaN" ]
