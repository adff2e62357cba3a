#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds the rows of models with friction.
void add_friction_rows(Plan& plan);

}  // namespace metriplex::bench
