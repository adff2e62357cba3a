#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds the rows of training on states alone, beside rates at the same samples.
void add_state_rows(Plan& plan);

}  // namespace metriplex::bench
