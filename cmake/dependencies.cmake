include(FetchContent)

# Where METRIPLEX_FETCH_DEPENDENCIES downloads from; the header-only ones: also their target and include folder.
set(metriplex_Eigen3 https://gitlab.com/libeigen/eigen.git 3.4.0 Eigen3::Eigen .)
set(metriplex_nlohmann_json https://github.com/nlohmann/json.git v3.11.3 nlohmann_json::nlohmann_json include)
set(metriplex_CLI11 https://github.com/CLIUtils/CLI11.git v2.4.2 CLI11::CLI11 include)
set(metriplex_Catch2 https://github.com/catchorg/Catch2.git v3.7.1)
set(metriplex_benchmark https://github.com/google/benchmark.git v1.7.1)

# Finds package `name` at `minimum` or newer; with METRIPLEX_FETCH_DEPENDENCIES, downloads one that is not found.
macro(metriplex_dependency name minimum)
  if(METRIPLEX_FETCH_DEPENDENCIES)
    set(arguments ${metriplex_${name}})
    list(POP_FRONT arguments repository tag target include)
    if(target)
      set(subdirectory SOURCE_SUBDIR nothing_to_build)
    else()
      set(subdirectory "")
    endif()
    FetchContent_Declare(
      ${name}
      GIT_REPOSITORY ${repository}
      GIT_TAG ${tag}
      GIT_SHALLOW ON
      SYSTEM
      ${subdirectory}
      FIND_PACKAGE_ARGS ${minimum})
    FetchContent_MakeAvailable(${name})
    if(target AND NOT TARGET ${target})
      FetchContent_GetProperties(${name} SOURCE_DIR source)
      add_library(${target} INTERFACE IMPORTED GLOBAL)
      target_include_directories(${target} INTERFACE ${source}/${include})
    endif()
  else()
    # Compared here: packages refuse requests for another major version than theirs, and newer ones do as well.
    find_package(${name} REQUIRED)
    if(${name}_VERSION VERSION_LESS ${minimum})
      message(FATAL_ERROR "metriplex needs ${name} ${minimum} or newer, found ${${name}_VERSION} in ${${name}_DIR}")
    endif()
  endif()
endmacro()
