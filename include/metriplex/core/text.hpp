#pragma once

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/core/types.hpp"

namespace metriplex {

namespace detail {

/// Prints a number as printf does, with a point whatever the locale has in its place.
inline std::string printed(const char* format, int digits, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, digits, value);
  std::string plain;
  for (const char* c = text; *c != '\0'; ++c) {
    const bool point = std::isalnum(static_cast<unsigned char>(*c)) == 0 && *c != '+' && *c != '-';
    if (!point)
      plain += *c;
    else if (plain.empty() || plain.back() != '.')
      plain += '.';
  }
  return plain;
}

// What number_text does where the standard library has no std::to_chars of a double (libc++ before 20).
inline std::string shortest_printed(double value) {
  constexpr int enough = std::numeric_limits<double>::max_digits10;
  std::string shortest = printed("%.*g", enough, value);
  for (int digits = enough - 1; digits > 0; --digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    const std::string shorter = printed("%.*g", digits, value);
    if (std::strtod(text, nullptr) == value && shorter.size() < shortest.size()) shortest = shorter;
  }
  return shortest;
}

}  // namespace detail

/// Writes a number in the shortest form that reads back as the same double, whatever the locale.
inline std::string number_text(double value) {
#ifdef __cpp_lib_to_chars
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
#else
  return detail::shortest_printed(value);
#endif
}

/// Writes a number in base 16, which loses no bit, as C++ reads it: `0x1.8p+1`.
inline std::string hexadecimal_text(double value) {
  return detail::printed("%.*a", -1, value);  // of as many digits as it takes
}

/// Writes a shape as `[80, 10, 50, 2]`, of many axes the first eight.
inline std::string shape_text(const std::vector<Index>& shape) {
  std::string text = "[";
  for (const Index& size : shape) {
    if (&size - shape.data() == 8) return text + ", ...]";
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  }
  return text + "]";
}

/// Quotes text that came out of a file, so that an error stays one short line whatever the file holds.
inline std::string quote(std::string_view text, std::size_t longest = 80) {
  std::size_t size = std::min(text.size(), longest);
  while (size < text.size() && size > 0 && (text[size] & 0xc0) == 0x80)
    --size;  // between characters of UTF-8
  std::string shown(text.substr(0, size));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return "'" + shown + (text.size() > size ? "...'" : "'");
}

}  // namespace metriplex
