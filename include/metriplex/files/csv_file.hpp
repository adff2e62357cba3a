#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/files/array_info.hpp"
#include "metriplex/files/csv_header.hpp"

namespace metriplex {

/// Reads tables of comma-separated values (semicolons, tabs or spaces do as well): a line of names, one row a sample, numbers
/// with a point whatever the locale. An empty field, NA or NaN is NaN; a column of text becomes the numbers 0, 1, … of its
/// texts in the order of their first rows (text: what begins so in the first row); a column without a name (row numbers of R or pandas) is left out.
class CsvFile {
 public:
  /// Errors: a file that cannot be read; as `find_csv_header`.
  explicit CsvFile(const std::filesystem::path& path) : where_(path.string()) {
    std::ifstream file = open();
    std::string start;
    add_piece(file, start);
    header_ = find_csv_header(start, where_);
    const std::string_view rows = std::string_view(start).substr(header_.rows_at);
    row_bytes_ = std::min(rows.find('\n'), rows.size()) + 1;
    std::vector<std::string_view> fields;
    header_.split(rows.substr(0, row_bytes_ - 1), fields);
    for (std::size_t c = 0; c < header_.names.size(); ++c) {
      double value;
      const std::string_view field = c < fields.size() ? fields[c] : std::string_view();
      text_.push_back(!detail::says_missing(field) && !detail::is_number(field, value) &&
                      std::string_view("+-.0123456789").find(field[0]) == std::string_view::npos);
    }
  }

  /// Lists the columns; their length is told by `read` alone.
  ArrayInfos list() const {
    ArrayInfos infos;
    for (std::size_t c = 0; c < header_.names.size(); ++c)
      if (!header_.names[c].empty())
        infos.push_back({header_.names[c], {}, text_[c] ? "text" : "number", "", true});
    return infos;
  }

  /// Reads columns by their names, in one pass over the file.
  ///
  /// Errors: a column that there is not, a row of another length than the header's, a field that is no number, by line.
  Tensors read(const std::vector<std::string>& wanted) const {
    std::vector<Column> columns(header_.names.size());
    for (const std::string& name : wanted) {
      const auto at = std::find(header_.names.begin(), header_.names.end(), name);
      require(at != header_.names.end() && !name.empty(), [&] {
        return "expected column " + quote(name) + ", got " + names_text(list()) + " in " + where_;
      });
      columns[static_cast<std::size_t>(at - header_.names.begin())].wanted = true;
    }
    const auto rows = static_cast<std::size_t>(std::filesystem::file_size(where_)) / row_bytes_;
    for (Column& column : columns)
      if (column.wanted) column.values.reserve(rows + rows / 16);

    // Lines are taken out of pieces that stay in the cache; what is left of a line goes before the next piece.
    std::ifstream file = open();
    std::size_t line = header_.first_row;
    file.seekg(static_cast<std::streamoff>(header_.rows_at));
    std::string bytes;
    for (bool more = true; more;) {
      more = add_piece(file, bytes);
      const std::size_t whole =
          more ? bytes.rfind('\n') + 1 : bytes.size();  // 0 where there is no end of a line
      const char* at = bytes.data();
      for (const char* const end = at + whole; at < end; ++line) {
        const void* const found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
        const char* const stop = found != nullptr ? static_cast<const char*>(found) : end;
        add_row(at, stop, line, columns);
        at = stop + 1;
      }
      bytes.erase(0, whole);
    }
    Tensors arrays;
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (columns[c].wanted) {
        const auto length = static_cast<Index>(columns[c].values.size());
        arrays.emplace(header_.names[c], Tensor{{length}, std::move(columns[c].values), Dtype::float64});
      }
    return arrays;
  }

 private:
  struct Column {
    std::vector<double> values;
    std::map<std::string, double, std::less<>> codes;  ///< of a column of text
    bool wanted = false;
  };

  std::ifstream open() const {
    std::ifstream file(where_, std::ios::binary);
    require(file && std::filesystem::is_regular_file(where_),
            [&] { return "expected a file to read, got none, or a directory: " + where_; });
    return file;
  }

  /// Adds what comes next in the file to `bytes`; whether there may be more.
  static bool add_piece(std::ifstream& file, std::string& bytes) {
    constexpr std::size_t piece = 1 << 18;
    const std::size_t before = bytes.size();
    bytes.resize(before + piece);
    file.read(bytes.data() + before, piece);
    bytes.resize(before + static_cast<std::size_t>(file.gcount()));
    return static_cast<bool>(file);
  }

  /// Adds the row in [at, end) to the columns that are wanted.
  void add_row(const char* at, const char* end, std::size_t line, std::vector<Column>& columns) const {
    const char* const begin = at;
    if (end > at && end[-1] == '\r') --end;
    // The way of nearly all rows: numbers from separator to separator.
    std::size_t done = 0;
    for (; separator_is_one() && done < columns.size(); ++done) {
      const char* stop = at;
      Column& column = columns[done];
      double value;
      if (column.wanted && !text_[done]) {
        stop = detail::parse_number(at, end, value);
        if (stop == at || (stop != end && *stop != header_.separator)) break;
      } else {
        if (column.wanted || (at != end && *at == '"')) break;
        while (stop != end && *stop != header_.separator) ++stop;
      }
      if ((stop == end) != (done + 1 == columns.size())) break;
      if (column.wanted) column.values.push_back(value);
      at = stop + 1;
    }
    if (done == columns.size()) return;

    std::vector<std::string_view> fields;
    header_.split(std::string_view(begin, static_cast<std::size_t>(end - begin)), fields);
    if (fields.size() == 1 && (fields[0].empty() || fields[0].starts_with('#'))) return;
    require(fields.size() == columns.size(), [&] {
      return "expected " + std::to_string(columns.size()) + " fields, as the header has names, got " +
             std::to_string(fields.size()) + " in line " + std::to_string(line) + " of " + where_;
    });
    for (std::size_t c = done; c < columns.size(); ++c)
      if (columns[c].wanted) columns[c].values.push_back(value_of(fields[c], c, line, columns[c]));
  }

  bool separator_is_one() const { return header_.separator != ' '; }

  /// Makes a number of any field: a number, what says that there is none, a text's code.
  double value_of(std::string_view field, std::size_t c, std::size_t line, Column& column) const {
    if (text_[c]) {
      const auto code = column.codes.find(field);
      if (code != column.codes.end()) return code->second;
      return column.codes.emplace(field, static_cast<double>(column.codes.size())).first->second;
    }
    double value = std::numeric_limits<double>::quiet_NaN();
    require(detail::is_number(field, value) || detail::says_missing(field), [&] {
      return "expected a number in column " + quote(header_.names[c]) + ", got " + quote(field) +
             (detail::has_decimal_comma(field)
                  ? " (decimals need a point: write.csv in R, decimal='.' in pandas)"
                  : " (what is missing is an empty field, NA or NaN)") +
             " in line " + std::to_string(line) + " of " + where_;
    });
    return detail::says_missing(field) ? std::numeric_limits<double>::quiet_NaN() : value;
  }

  std::string where_;
  CsvHeader header_;
  std::vector<bool> text_;     ///< columns of text, as the first row tells
  std::size_t row_bytes_ = 1;  ///< of the first row
};

}  // namespace metriplex
