include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/metriplex)
# CMake before 3.23 reads no file sets in a package, and takes the folder from here.
target_include_directories(metriplex INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS metriplex EXPORT metriplex-targets FILE_SET HEADERS FILE_SET compat)
install(TARGETS metriplex_native metriplex_v3 EXPORT metriplex-targets)
install(EXPORT metriplex-targets NAMESPACE metriplex:: DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/metriplex-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
configure_file(cmake/metriplex-config.cmake ${PROJECT_BINARY_DIR}/metriplex-config.cmake COPYONLY)
install(FILES cmake/metriplex-files.cmake ${PROJECT_BINARY_DIR}/metriplex-config.cmake
              ${PROJECT_BINARY_DIR}/metriplex-config-version.cmake DESTINATION ${package_dir})
