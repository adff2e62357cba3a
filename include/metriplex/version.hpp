#pragma once

/// Version of the library, for the preprocessor; `project()` in CMakeLists.txt reads it from here.
#define METRIPLEX_VERSION_MAJOR 0
#define METRIPLEX_VERSION_MINOR 1
#define METRIPLEX_VERSION_PATCH 0
