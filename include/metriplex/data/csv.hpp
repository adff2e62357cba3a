#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/core/text.hpp"

namespace metriplex {

/// Writes a table as comma-separated values, numbers in the shortest form that reads back exactly.
///
/// Errors: a row whose length is not the header's; as `write_atomically`.
inline void write_csv(const std::filesystem::path& path, const std::vector<std::string>& header,
                      const std::vector<std::vector<double>>& rows) {
  std::string text;
  for (std::size_t i = 0; i < header.size(); ++i) text += (i > 0 ? "," : "") + header[i];
  text += '\n';
  for (std::size_t row = 0; row < rows.size(); ++row) {
    require(rows[row].size() == header.size(), [&] {
      return "expected " + std::to_string(header.size()) + " columns, got " +
             std::to_string(rows[row].size()) + " in row " + std::to_string(row) + " for " + path.string();
    });
    for (std::size_t i = 0; i < header.size(); ++i) text += (i > 0 ? "," : "") + number_text(rows[row][i]);
    text += '\n';
  }
  write_atomically(path, text);
}

}  // namespace metriplex
