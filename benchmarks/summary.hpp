#pragma once

#include "table.hpp"

namespace metriplex::bench {

/// Prints the figures that the project asks of itself, asked and measured, as far as their rows were measured.
void print_summary(const std::vector<Line>& lines);

}  // namespace metriplex::bench
