#!/usr/bin/env bash
# Compiles every header alone, for what it says and does not run. Those that include Eigen, or a header that does, get
# Eigen/Core precompiled: it would be read anyway, and reading it is most of the work.
# Usage: compile_alone.sh INCLUDE_DIR EIGEN COMPILER FLAGS..., with EIGEN a header that is it, precompiled beside itself.
set -eu
include=$1 eigen=$2
shift 2
cd "$include"

headers=$(find metriplex -name '*.hpp' -not -path '*/compat/*' -not -path '*/files/*' | sort)
with=$(grep -lE '^#include <Eigen/' $headers)
while
  more=$(grep -lF -f <(sed 's/.*/#include "&"/' <<<"$with") $headers)
  more=$(printf '%s\n' $with $more | sort -u)
  [ "$more" != "$with" ]
do with=$more; done

# each COMMAND...: compiles the headers of standard input.
each() { xargs -P "$(nproc)" -I{} "$@" -I. -fsyntax-only -x c++ -include {} /dev/null; }
each "$@" -include "$eigen" <<<"$with"
grep -vxF "$with" <<<"$headers" | each "$@"
