include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/metriplex)
install(TARGETS metriplex EXPORT metriplex-targets FILE_SET HEADERS FILE_SET compat)
install(EXPORT metriplex-targets NAMESPACE metriplex:: DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/metriplex-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
configure_file(cmake/metriplex-config.cmake ${PROJECT_BINARY_DIR}/metriplex-config.cmake COPYONLY)
install(FILES ${PROJECT_BINARY_DIR}/metriplex-config.cmake
              ${PROJECT_BINARY_DIR}/metriplex-config-version.cmake DESTINATION ${package_dir})
