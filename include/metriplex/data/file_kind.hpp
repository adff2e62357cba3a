#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace metriplex {

/// Says what a file that is not the one expected looks like by its first bytes, as `an HDF5 file`; nothing where they do
/// not tell.
constexpr std::string_view file_kind(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> beginnings{{
      {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file"},
      {"MATLAB "sv, "a MATLAB file"},
      {"\x93NUMPY"sv, "a single .npy array"},
      {"PK\3\4"sv, "the beginning of a zip archive without its end (truncated?)"},
      {"\x80\2"sv, "a Python pickle"},
      {"\x80\3"sv, "a Python pickle"},
      {"\x80\4"sv, "a Python pickle"},
      {"\x80\5"sv, "a Python pickle"},
      {"\x1f\x8b"sv, "a file compressed by gzip"},
      {"BZh"sv, "a file compressed by bzip2"},
      {"\xfd"
       "7zXZ"sv,
       "a file compressed by xz"},
      {"PAR1"sv, "a Parquet file"},
      {"CDF"sv, "a NetCDF file"},
  }};
  if (bytes.empty()) return "an empty file";
  for (const auto& [beginning, kind] : beginnings)
    if (bytes.starts_with(beginning)) return kind;
  if (bytes.size() > 8 && bytes[8] == '{') return "a safetensors file (a model?)";
  const std::string_view start = bytes.substr(0, 1024);
  const bool text = std::all_of(start.begin(), start.end(), [](char c) {
    return c == '\n' || c == '\r' || c == '\t' || (c != '\x7f' && static_cast<unsigned char>(c) >= ' ');
  });
  if (!text) return {};
  if (bytes[0] == '{' || bytes[0] == '[') return "text, such as JSON";
  return start.find_first_of(",;\t") != std::string_view::npos ? "text, such as CSV" : "text";
}

}  // namespace metriplex
