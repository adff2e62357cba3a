#pragma once

// All rows that are templates of a network: CMakeLists.txt writes a translation unit for each.
#include "field_rows.hpp"
#include "kernels.hpp"
#include "model_rows.hpp"
#include "scaling_rows.hpp"
#include "use_rows.hpp"
