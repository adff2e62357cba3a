#!/usr/bin/env bash
# Checks the rules of the tree (docs/architecture.md): one line a violation, with what to do about it.
# Usage: check_tree.sh [ROOT]
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2

# Who may include whom, beside a folder's own headers; a header at the root counts as a folder.
declare -A may_include=(
  [version]=""
  [core]=""
  [adapt]="core autodiff integrate systems nn modulation structure model data"
  [autodiff]="core"
  [integrate]="core"
  [systems]="core autodiff integrate"
  [nn]="core autodiff"
  [modulation]="core nn"
  [structure]="core autodiff"
  [model]="core autodiff integrate systems nn modulation structure"
  [data]="core autodiff integrate systems"
  [train]="core adapt autodiff integrate systems nn modulation structure model data"
  [io]="version core autodiff integrate systems nn modulation structure model data"
  [compat]="core integrate"
  [files]="core autodiff integrate systems data"
  [inference]="*"
  [metriplex]="*"
)
# Folders of interchangeable parts: of its own folder, a part may include these only.
declare -A concept=(
  [modulation]="modulation/modulation.hpp"
  [structure]="structure/structure.hpp structure/extended.hpp"
  [integrate]="integrate/adaptive_run.hpp integrate/integrator.hpp integrate/generic_field.hpp integrate/gonzalez_correction.hpp integrate/newton.hpp integrate/refused.hpp integrate/rollout.hpp integrate/runge_kutta.hpp integrate/stages.hpp integrate/step_size_control.hpp"
  [systems]="systems/system.hpp"
)
lists_of_parts="systems/all_systems.hpp systems/benchmark_systems.hpp systems/exact_field.hpp" # these may, their purpose is to know all parts
# A selection of the same headers, and those for who has the other library; those of files/ as well.
not_in_umbrella="inference.hpp compat/mpi.hpp compat/odeint.hpp compat/sundials.hpp"
untested="metriplex.hpp version.hpp"
max_lines=250
max_lines_exceptions=""

violations=0
violation() { echo "$1: $2"; violations=$((violations + 1)); }
has() { [[ " $1 " == *" $2 "* ]]; }  # has "LIST" WORD

for header in $(find include/metriplex -name '*.hpp' -printf '%P\n' | sort); do
  path=include/metriplex/$header
  from=${header%%/*} from=${from%.hpp}

  [[ -v may_include[$from] ]] || violation "$path" "unknown folder $from/: give it a line in tests/rules/check_tree.sh"
  allowed=${may_include[$from]:-}
  number=0 pragma=
  while IFS= read -r line || [[ $line ]]; do
    number=$((number + 1))
    [[ $line == '#pragma once' ]] && pragma=1
    if [[ $line =~ ^\#\ *include\ *[\<\"]Eigen/(Dense|Eigen)[\>\"] ]]; then
      violation "$path:$number" "includes Eigen/${BASH_REMATCH[1]}: include Eigen/Core, and what else is used (Eigen/LU, Eigen/Cholesky, ...)"
    elif [[ $line =~ ^\#\ *include\ *[\<\"](\.\.?/.*|[^/\>\"]*\.hpp)[\>\"] ]]; then
      violation "$path:$number" "includes ${BASH_REMATCH[1]}: write \"metriplex/...\" from the include folder"
    elif [[ $line =~ ^\#\ *include\ *[\<\"]metriplex/([^\>\"]+)[\>\"] ]]; then
      included=${BASH_REMATCH[1]}
      to=${included%%/*} to=${to%.hpp}
      if [[ $to != "$from" ]]; then
        [[ $allowed == '*' ]] || has "$allowed" "$to" ||
          violation "$path:$number" "$from may not include $included (only: ${allowed:-nothing}): move what it needs to a lower layer"
      elif [[ -v concept[$from] ]] && ! has "${concept[$from]} $lists_of_parts" "$included" && ! has "$lists_of_parts" "$header"; then
        violation "$path:$number" "parts of $from/ may not include one another, only ${concept[$from]}: move what they share there or to core/"
      fi
    fi
  done <"$path"

  [[ $pragma ]] || violation "$path" "has no #pragma once: add it as the first line"
  ((number <= max_lines)) || has "$max_lines_exceptions" "$header" ||
    violation "$path" "has $number lines, at most $max_lines are allowed: split it, one idea a file"
  [[ $header == metriplex.hpp || $header == files/* ]] || has "$not_in_umbrella" "$header" ||
    grep -qs "^#include \"metriplex/$header\"" include/metriplex/metriplex.hpp ||
    violation "$path" "is missing from the umbrella: add #include \"metriplex/$header\" to include/metriplex/metriplex.hpp"
  has "$untested" "$header" || [[ -f tests/${header%.hpp}.cpp ]] ||
    violation "$path" "has no test: add tests/${header%.hpp}.cpp"
done

# What README says that the compiler says, a header must say.
quoted=$(sed -n '/^error: static assertion failed: /,/^```/p' README.md | sed '/^```/d; s/^error: static assertion failed: //' |
  tr '\n' ' ' | sed 's/ *$//')
find include -name '*.hpp' -exec cat {} + | tr '\n' ' ' | sed 's/" *"//g' | grep -qF "\"$quoted\"" ||
  violation README.md "quotes the compiler with what no header says: bring \"${quoted:0:40}...\" up to date"

# A path of one machine has no place in the tree.
while IFS= read -r hit; do
  violation "$hit" "a path of one machine: make it relative, an argument or a variable"
done < <(grep -rnIoE --exclude=.git --exclude-dir={.git,build,demo} "(^|[^A-Za-z0-9_.}])/(home|root|work|mnt|media|opt|srv|Users)/[^ ]*" . |
  sed 's#^\./##')

if ((violations)); then
  echo "$violations violation(s) of the tree's rules" >&2
  exit 1
fi
