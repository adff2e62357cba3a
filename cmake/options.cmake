# What our own programs are built with, and nobody else's.
add_library(metriplex_options INTERFACE)
target_link_libraries(metriplex_options INTERFACE metriplex::metriplex)

if(MSVC)
  target_compile_options(metriplex_options INTERFACE /W4 /bigobj)
else()
  target_compile_options(metriplex_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                     -Wno-sign-conversion)
  # GCC 12 reports its own AVX-512 intrinsics, inlined through Eigen, and its own strings; Clang and the sanitizers keep watch.
  target_compile_options(
    metriplex_options INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overread>")
endif()
if(METRIPLEX_WARNINGS_AS_ERRORS)
  target_compile_options(metriplex_options INTERFACE $<IF:$<BOOL:${MSVC}>,/WX,-Werror>)
endif()

if(METRIPLEX_NATIVE)
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-march=native METRIPLEX_HAS_MARCH_NATIVE)
  if(METRIPLEX_HAS_MARCH_NATIVE)
    target_compile_options(metriplex_options INTERFACE -march=native)
  endif()
endif()

if(METRIPLEX_SANITIZE)
  target_compile_options(metriplex_options INTERFACE -fsanitize=${METRIPLEX_SANITIZE}
                                                     -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(metriplex_options INTERFACE -fsanitize=${METRIPLEX_SANITIZE})
  # Clang's check of calls by pointers of another type makes every function refer to itself, and so keeps and instruments
  # a copy that nobody calls of each that is always inlined: a third of a unit. Without a cast no such call compiles.
  target_compile_options(metriplex_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
  target_compile_options(
    metriplex_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-fsanitize-ignorelist=${CMAKE_CURRENT_LIST_DIR}/unwatched.txt>)
endif()

if(METRIPLEX_OPENMP)
  find_package(OpenMP COMPONENTS CXX)
  if(OpenMP_CXX_FOUND)
    target_link_libraries(metriplex_options INTERFACE OpenMP::OpenMP_CXX)
  endif()
endif()

# Of the programs sanitizers watch what a test runs, meta_train; instrumenting the others takes most of their compile time. (A
# library, linked last, for its options come after those that switch the checks on.)
add_library(metriplex_unwatched INTERFACE)
if(METRIPLEX_SANITIZE)
  target_compile_options(metriplex_unwatched INTERFACE -fno-sanitize=all)
endif()
