#!/usr/bin/env bash
# Runs `./dev ARGS` as root of a bare Debian 12: a minimal system made by debootstrap, from this machine's mirror.
# Usage: bare_debian.sh ROOT ARGS...      (as root; the folder ROOT is filled when it is empty, and can be used again)
set -eu
[ $# -ge 2 ] || { sed -n '2,3s/^# //p' "$0"; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
root=$1
shift

if [ ! -e "$root/etc/debian_version" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
  debootstrap --variant=minbase bookworm "$root" ${mirror:+"$mirror"} >"$root.log"
  apt-config dump Acquire >"$root/etc/apt/apt.conf.d/99host" # proxies and the like
  cp /etc/hosts /etc/resolv.conf "$root/etc/"
fi

rm -rf "$root/usr/src/metriplex"
mkdir "$root/usr/src/metriplex"
tar -C "$source" --exclude-vcs --exclude=./build --exclude=./demo -c . | tar -C "$root/usr/src/metriplex" -x
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb chroot "$root" /usr/src/metriplex/dev "$@"
