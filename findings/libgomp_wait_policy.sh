#!/usr/bin/env bash
# libgomp of GCC 12.2 (Debian 12, libgomp1 12.2.0-14+deb12u1): OMP_DISPLAY_ENV tells OMP_WAIT_POLICY = 'PASSIVE' both where
# threads wait in loops (nothing set: GOMP_SPINCOUNT = '300000') and where they sleep (OMP_WAIT_POLICY=passive: '0'). Who looks there
# why two threads are slower than one on a busy machine is told that they do not spin. Only GOMP_SPINCOUNT tells.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq download libgomp1=12.2.0-14+deb12u1 2>/dev/null
dpkg -x libgomp1_*.deb root
printf 'int main() {\n#pragma omp parallel\n  {}\n}\n' >wait.c
gcc -fopenmp wait.c -o wait
libraries=root/usr/lib/$(gcc -print-multiarch)
# As the library tells it on a machine whose processors are not outnumbered by the threads.
told() { env -u GOMP_SPINCOUNT -u OMP_WAIT_POLICY OMP_NUM_THREADS=1 OMP_DISPLAY_ENV=verbose LD_LIBRARY_PATH=$libraries "$@" ./wait 2>&1 | grep -oE "(OMP_WAIT_POLICY|GOMP_SPINCOUNT) = '[A-Z0-9]*'" | tr '\n' ' '; }
unset_=$(told) passive=$(told OMP_WAIT_POLICY=passive) active=$(told OMP_WAIT_POLICY=active)
printf 'nothing set: %s\npassive:     %s\nactive:      %s\n' "$unset_" "$passive" "$active"
[ "$unset_" = "OMP_WAIT_POLICY = 'PASSIVE' GOMP_SPINCOUNT = '300000' " ]
[ "$passive" = "OMP_WAIT_POLICY = 'PASSIVE' GOMP_SPINCOUNT = '0' " ]
case $active in "OMP_WAIT_POLICY = 'ACTIVE'"*) ;; *) exit 1 ;; esac
