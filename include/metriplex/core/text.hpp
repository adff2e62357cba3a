#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// Writes a number in the shortest form that reads back as the same double, whatever the locale.
inline std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// Writes a shape as `[80, 10, 50, 2]`.
inline std::string shape_text(const std::vector<Index>& shape) {
  std::string text = "[";
  for (const Index size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

/// Quotes text that came out of a file, so that an error stays one short line whatever the file holds.
inline std::string quote(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string shown(text.substr(0, longest));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return "'" + shown + (text.size() > longest ? "...'" : "'");
}

}  // namespace metriplex
