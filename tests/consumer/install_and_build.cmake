# cmake -P install_and_build.cmake BUILD_DIR GENERATOR COMPILER
# Installs the package of BUILD_DIR into a prefix of its own, builds and runs this folder's project against it,
# and checks that no flag of ours reaches its compile command.
cmake_minimum_required(VERSION 3.25)
set(scratch ${CMAKE_ARGV3}/consumer)
file(REMOVE_RECURSE ${scratch})

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${ARGN}: failed (${failed}):\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${CMAKE_ARGV3} --prefix ${scratch}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${scratch}/build -G ${CMAKE_ARGV4}
    -DCMAKE_CXX_COMPILER=${CMAKE_ARGV5} -DCMAKE_PREFIX_PATH=${scratch}/prefix -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)
if(CMAKE_HOST_SYSTEM_PROCESSOR STREQUAL x86_64 AND NOT said MATCHES "at a third to a fifth of the speed: consumer \\(")
  message(FATAL_ERROR "Expected one line about the target `consumer`, which is built without -march, and no other; got:\n${said}")
endif()
run(${CMAKE_COMMAND} --build ${scratch}/build)
foreach(program consumer consumer_native)
  run(${scratch}/build/${program})
endforeach()

# Who builds with other tools asks pkg-config.
find_program(pkg_config pkg-config)
if(pkg_config)
  set(ENV{PKG_CONFIG_PATH} ${scratch}/prefix/share/pkgconfig)
  run(${pkg_config} --cflags "metriplex >= 0.1")
  if(NOT said MATCHES "-I[^ ]*/include " AND NOT said MATCHES "-I[^ ]*/include\n")
    message(FATAL_ERROR "Expected pkg-config to tell the folder of the headers, got ${said}")
  endif()
endif()

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH tests)
if(EXISTS ${scratch}/build/consumer_files)
  run(${scratch}/build/consumer_files ${tests}/data/npz/compressed.npz)
endif()
cmake_path(GET tests PARENT_PATH source)
# Of the target that asks for no processor; the others ask for nothing else.
file(READ ${scratch}/build/compile_commands.json commands)
string(REGEX MATCHALL "\"command\": [^\n]*" commands "${commands}")
foreach(command ${commands})
  string(REGEX REPLACE " -march=(native|x86-64-v3)" "" rest "${command}")
  if(command MATCHES "consumer[.]dir")
    set(rest "${command}")
  endif()
  if(rest MATCHES "( -W| -m| -f| -O|${source}/include)[^ ]*")
    message(FATAL_ERROR "The installed package forces ${CMAKE_MATCH_0} on its users:\n${command}")
  endif()
endforeach()
