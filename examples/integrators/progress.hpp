#pragma once

#include <string>

namespace metriplex::show {

/// Says on stderr what is being done: a live line on a terminal, a line each elsewhere.
void progress(const std::string& text);

/// Ends the live line.
void end_progress();

}  // namespace metriplex::show
