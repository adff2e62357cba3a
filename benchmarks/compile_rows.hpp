#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds the row compile/quickstart, and that of a file that only includes Eigen/Core and multiplies.
void add_compile_rows(Plan& plan);

}  // namespace metriplex::bench
