#pragma once

#include <functional>

#include "request.hpp"

namespace metriplex::driver {

/// Reads the command line and does the work; whatever goes wrong is one line on stderr. Returns the exit status.
///
/// Whole numbers are decimal, whatever their zeros. An option that was given where it means nothing is refused.
int run_driver(int argc, char** argv, const std::function<int(Request&)>& work);

}  // namespace metriplex::driver
