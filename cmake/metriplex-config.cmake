include(CMakeFindDependencyMacro)
find_dependency(Eigen3 3.4)
find_dependency(nlohmann_json 3.9)
include(${CMAKE_CURRENT_LIST_DIR}/metriplex-targets.cmake)
