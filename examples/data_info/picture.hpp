#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "metriplex/data/recordings.hpp"

namespace metriplex::data_info {

/// Draws the first motions of a family over time, a panel for each component, as `data.svg` (by gnuplot, where it is installed)
/// with its script and numbers in `data.gp` and `data.dat` beside it; returns one line about what it did.
///
/// `components` holds the family a component at a time, `names` their names.
std::string draw_data(const std::filesystem::path& directory, const std::string& title,
                      const std::vector<Recordings<1>>& components, const std::vector<std::string>& names);

}  // namespace metriplex::data_info
