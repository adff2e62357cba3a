#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds the rows that are templates of a network; CMakeLists.txt writes this function.
void add_network_rows(Plan& plan);

/// Lists everything that this program can measure by itself.
Plan whole_plan();

/// Keeps the rows whose names match a regular expression, those that they are compared with, and the peaks.
///
/// Errors: not a regular expression; nothing matches.
void keep(Plan& plan, const std::string& filter);

}  // namespace metriplex::bench
