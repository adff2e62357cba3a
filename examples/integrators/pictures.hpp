#pragma once

#include <filesystem>
#include <vector>

#include "report.hpp"

namespace metriplex::show {

/// Draws the long runs and error against work as PNG into `directory`, by gnuplot; scripts and data stay in
/// `directory`/plots. Without gnuplot there are no pictures, and one line on stderr says so.
///
/// Returns the pictures drawn.
/// Errors: a directory that cannot be written.
std::vector<std::filesystem::path> draw_pictures(const std::filesystem::path& directory,
                                                 const Report& report);

}  // namespace metriplex::show
