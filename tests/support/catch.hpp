#pragma once

// Catch2 2 (Debian 12) and Catch2 3 have different umbrella headers.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
