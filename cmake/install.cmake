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

# For builds by other tools: pkg-config --cflags metriplex.
configure_file(cmake/metriplex.pc.in ${PROJECT_BINARY_DIR}/metriplex.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/metriplex.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)

# A package for Debian, of the headers: cpack --config build/CPackConfig.cmake.
if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME libmetriplex-dev)
  set(CPACK_PACKAGE_CONTACT "The Metriplex authors")
  set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libeigen3-dev (>= 3.4)")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS nlohmann-json3-dev)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  include(CPack)
endif()
