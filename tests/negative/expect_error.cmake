# cmake -P expect_error.cmake FILE COMPILER FLAGS...
# FILE must fail to compile with the sentence of its first line, `// expect: SENTENCE`; with
# -DMETRIPLEX_CONTROL it must compile, so that no unrelated error passes for the expected one.
cmake_minimum_required(VERSION 3.25)
set(command "")
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 4 ${last})
  list(APPEND command "${CMAKE_ARGV${i}}")
endforeach()
set(file "${CMAKE_ARGV3}")

file(STRINGS ${file} first_line LIMIT_COUNT 1)
if(NOT first_line MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${file}: the first line must be `// expect: SENTENCE`")
endif()
set(sentence "${CMAKE_MATCH_1}")

execute_process(COMMAND ${command} -fsyntax-only -DMETRIPLEX_CONTROL ${file} RESULT_VARIABLE failed ERROR_VARIABLE said)
if(failed)
  message(FATAL_ERROR "${file}: must compile with -DMETRIPLEX_CONTROL, but:\n${said}")
endif()
execute_process(COMMAND ${command} -fsyntax-only ${file} RESULT_VARIABLE failed ERROR_VARIABLE said)
if(NOT failed)
  message(FATAL_ERROR "${file}: compiles, but must be rejected with `${sentence}`")
endif()
string(FIND "${said}" "${sentence}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "${file}: is rejected without saying `${sentence}`, but:\n${said}")
endif()
