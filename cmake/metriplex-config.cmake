include(CMakeFindDependencyMacro)
find_dependency(Eigen3)
if(Eigen3_VERSION VERSION_LESS 3.4)
  set(metriplex_FOUND FALSE)
  set(metriplex_NOT_FOUND_MESSAGE "metriplex needs Eigen3 3.4 or newer, found ${Eigen3_VERSION} in ${Eigen3_DIR}")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/metriplex-targets.cmake)

# For model files (metriplex/io/), whose headers say so where it is missing; nothing else needs it.
find_package(nlohmann_json QUIET)
if(nlohmann_json_VERSION VERSION_GREATER_EQUAL 3.9)
  set_property(TARGET metriplex::metriplex APPEND PROPERTY INTERFACE_LINK_LIBRARIES nlohmann_json::nlohmann_json)
endif()
