#pragma once

#include <string>

namespace metriplex::driver {

/// Brings the program of a combination up to date and becomes it, with the same arguments. What must be compiled is the
/// build tool's decision, which knows sources, headers, flags and compiler; one line on stderr says that it takes a while.
///
/// Processes that ask at the same time wait for each other. Without the build tool a program that is there runs as it is,
/// with a warning.
/// Errors: no compiler or build tool, a combination that does not compile, a program that does not start.
[[noreturn]] void run_combination_program(const std::string& name, char** argv);

}  // namespace metriplex::driver
