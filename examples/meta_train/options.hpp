#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "request.hpp"

namespace metriplex::driver {

/// Declares the options of the command line; parsing fills the request. Whole numbers are decimal, whatever their zeros.
void declare_options(CLI::App& app, Request& request, const std::vector<std::string>& modulations);

/// Refuses options that were given where they mean nothing.
///
/// Errors: the first such pair.
void refuse_idle_options(const CLI::App& app, const Request& request);

}  // namespace metriplex::driver
