#pragma once

#include <string>

#include "metriplex/core/error.hpp"

/// Returns the line of the `Error` that `action` throws, empty where it throws none; any other exception
/// passes.
template <class Action>
std::string error_text(Action&& action) {
  try {
    action();
  } catch (const metriplex::Error& error) {
    return error.what();
  }
  return {};
}

/// Tells whether an error's line holds `part`, and is one line.
inline bool one_line_with(const std::string& text, const std::string& part) {
  return text.find('\n') == std::string::npos && text.find(part) != std::string::npos;
}
