#pragma once

#include <string>
#include <vector>

#include "metriplex/core/text.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Says what a file tells about one of its arrays before its numbers are read.
struct ArrayInfo {
  std::string name;
  std::vector<Index>
      shape;              ///< axes in the order in which the writer indexes them; empty for columns of tables
  std::string type;       ///< of the numbers, in the words of the format
  std::string problem{};  ///< why it cannot be read, and what to do; empty where it can
  bool column = false;    ///< of a table: one number a row, as many as the other columns have
};

/// The arrays of a file, in its order.
using ArrayInfos = std::vector<ArrayInfo>;

/// Lists the names of arrays with their shapes, on one line: `'X' [16, 3, 40, 2], 't' [40]`.
inline std::string names_text(const ArrayInfos& arrays) {
  std::string text;
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    if (text.size() > 300) return text + ", and " + std::to_string(arrays.size() - k) + " more";
    text += (k > 0 ? ", " : "") + quote(arrays[k].name);
    if (!arrays[k].shape.empty()) text += " " + shape_text(arrays[k].shape);
  }
  return text.empty() ? "none" : text;
}

/// Finds an array by its name; nullptr where there is none.
inline const ArrayInfo* find_array(const ArrayInfos& arrays, const std::string& name) {
  for (const ArrayInfo& array : arrays)
    if (array.name == name) return &array;
  return nullptr;
}

}  // namespace metriplex
