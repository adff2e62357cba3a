#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds the rows peak/f64 and peak/f32, of which all others are fractions.
void add_peak_rows(Plan& plan);

}  // namespace metriplex::bench
