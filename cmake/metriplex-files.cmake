# metriplex::files: what reads the files of others (metriplex/files/). It needs libzip; with matio it reads MATLAB's, with
# HDF5 HDF5's. Found by their headers and libraries: Debian's libzip has a CMake package that needs programs of other packages, and
# matio has none. On Debian: libzip-dev, libmatio-dev, libhdf5-dev.
find_path(METRIPLEX_LIBZIP_INCLUDE zip.h)
find_library(METRIPLEX_LIBZIP_LIBRARY zip)
find_path(METRIPLEX_MATIO_INCLUDE matio.h)
find_library(METRIPLEX_MATIO_LIBRARY matio)
# What compresses MATLAB's variables, and matio needs itself.
find_path(METRIPLEX_ZLIB_INCLUDE zlib.h)
find_library(METRIPLEX_ZLIB_LIBRARY z)
# The serial one, which is what matio is built with.
find_path(METRIPLEX_HDF5_INCLUDE hdf5.h PATH_SUFFIXES hdf5/serial)
find_library(METRIPLEX_HDF5_LIBRARY NAMES hdf5_serial hdf5)
mark_as_advanced(
  METRIPLEX_LIBZIP_INCLUDE METRIPLEX_LIBZIP_LIBRARY METRIPLEX_MATIO_INCLUDE METRIPLEX_MATIO_LIBRARY METRIPLEX_ZLIB_INCLUDE
  METRIPLEX_ZLIB_LIBRARY METRIPLEX_HDF5_INCLUDE METRIPLEX_HDF5_LIBRARY)
if(METRIPLEX_LIBZIP_INCLUDE AND METRIPLEX_LIBZIP_LIBRARY AND NOT TARGET metriplex::files)
  add_library(metriplex::files INTERFACE IMPORTED GLOBAL)
  set_property(TARGET metriplex::files PROPERTY INTERFACE_LINK_LIBRARIES metriplex::metriplex)
  foreach(library LIBZIP MATIO ZLIB HDF5)
    if(METRIPLEX_${library}_INCLUDE AND METRIPLEX_${library}_LIBRARY)
      set_property(TARGET metriplex::files APPEND PROPERTY INTERFACE_INCLUDE_DIRECTORIES ${METRIPLEX_${library}_INCLUDE})
      set_property(TARGET metriplex::files APPEND PROPERTY INTERFACE_LINK_LIBRARIES ${METRIPLEX_${library}_LIBRARY})
      set_property(TARGET metriplex::files APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS METRIPLEX_${library})
    endif()
  endforeach()
endif()
