#pragma once

/// Version of the library, for the preprocessor; `project()` in CMakeLists.txt reads it from here.
#define METRIPLEX_VERSION_MAJOR 0
#define METRIPLEX_VERSION_MINOR 1
#define METRIPLEX_VERSION_PATCH 0

/// The same as a text, "0.1.0".
#define METRIPLEX_VERSION \
  METRIPLEX_POINTED(METRIPLEX_VERSION_MAJOR, METRIPLEX_VERSION_MINOR, METRIPLEX_VERSION_PATCH)
#define METRIPLEX_POINTED(major, minor, patch) \
  METRIPLEX_TEXT_OF(major) "." METRIPLEX_TEXT_OF(minor) "." METRIPLEX_TEXT_OF(patch)
#define METRIPLEX_TEXT_OF(number) #number
