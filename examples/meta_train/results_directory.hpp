#pragma once

#include <filesystem>

#include "request.hpp"

namespace metriplex::driver {

/// Makes the directory of the results and tries it out, and that the names of files in it are free for them, so that
/// hours of training are not lost to a typing error.
///
/// Errors: one that cannot be made or written, or that holds results of another run, unless they may be overwritten.
void prepare_directory(const Request& request);

/// Keeps the directory of the results for this process until it ends.
///
/// Errors: another run that writes there.
void lock_directory(const std::filesystem::path& folder);

/// Removes what an earlier run left in the directory of the results, all but one file.
void remove_results(const std::filesystem::path& folder, const std::filesystem::path& kept);

}  // namespace metriplex::driver
