#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"

namespace metriplex {
namespace detail {

/// Reads a number at the start of [from, end), with a point whatever the locale; returns its end, or `from` where there is none.
inline const char* parse_number(const char* from, const char* end, double& value) {
  const char* const digits = from != end && *from == '+' ? from + 1 : from;
#ifdef __cpp_lib_to_chars
  const auto [rest, error] = std::from_chars(digits, end, value);
  return error == std::errc{} ? rest : from;
#else
  std::istringstream text(std::string(
      digits, std::find_if(digits, end, [](char c) { return c == ',' || c == ';' || c == '\t'; })));
  text.imbue(std::locale::classic());
  if (!(text >> value)) return from;
  const std::streamoff length = text.tellg();
  return digits + (length < 0 ? static_cast<std::streamoff>(text.str().size()) : length);
#endif
}

/// Reads all of a field as a number; one that is too large or too small is none.
inline bool is_number(std::string_view field, double& value) {
  const char* const end = field.data() + field.size();
  return !field.empty() && parse_number(field.data(), end, value) == end;
}

/// Whether a field says that there is no number: empty, or the words of numpy, pandas, R and SQL.
inline bool says_missing(std::string_view field) {
  for (const char* word : {"", "NA", "N/A", "NaN", "nan", "NAN", "NULL", "null", "None", "-"})
    if (field == word) return true;
  return false;
}

/// Whether a field is a number but for a comma in the place of its point.
inline bool has_decimal_comma(std::string_view field) {
  std::string pointed(field);
  double value;
  if (const std::size_t comma = field.find(','); comma != std::string_view::npos)
    return pointed[comma] = '.', is_number(pointed, value);
  return false;
}

}  // namespace detail

/// Holds what the first lines of a table say: the names of its columns, what is between fields, and where its rows begin.
struct CsvHeader {
  std::vector<std::string> names;  ///< empty for a column of row numbers, as R and pandas write them
  char separator = ',';
  std::size_t rows_at = 0;    ///< byte of the first row
  std::size_t first_row = 1;  ///< its line, from 1

  /// Cuts a line into its fields, without the spaces and quotation marks around them.
  void split(std::string_view line, std::vector<std::string_view>& fields) const {
    fields.clear();
    const auto without_spaces = [](const char* from, const char* to) {
      while (to > from && (to[-1] == ' ' || to[-1] == '\r')) --to;
      return std::string_view(from, static_cast<std::size_t>(to - from));
    };
    line = without_spaces(line.data(), line.data() + line.size());
    const char* const end = line.data() + line.size();
    for (const char* at = line.data();; ++at) {
      while (at < end && *at == ' ') ++at;
      const char* stop = at;
      if (at < end && *at == '"') {
        do ++stop;
        while (stop < end && *stop != '"');
        fields.emplace_back(at + 1, static_cast<std::size_t>(stop - at - 1));
        while (stop < end && *stop != separator) ++stop;
      } else {
        while (stop < end && *stop != separator) ++stop;
        fields.push_back(without_spaces(at, stop));
      }
      if (stop >= end) return;
      at = stop;
    }
  }
};

/// Finds the header of a table in its first bytes: the first line that is no comment (#) or, where that is one of numbers, the
/// comment before it, as numpy.savetxt writes it. Fields are apart by commas, semicolons, tabs or, where there are none of
/// these, spaces.
///
/// Errors: a first line of numbers, no row, a name that comes twice; the message ends in `where`.
inline CsvHeader find_csv_header(std::string_view start, const std::string& where) {
  CsvHeader header;
  const auto take = [&](std::string_view line) {
    header.separator = ' ';
    for (const char c : {'\t', ';', ','})
      if (line.find(c) != std::string_view::npos) header.separator = c;
    std::vector<std::string_view> fields;
    header.split(line, fields);
    header.names.assign(fields.begin(), fields.end());
    double value;
    return std::none_of(fields.begin(), fields.end(),
                        [&](std::string_view field) { return detail::is_number(field, value); });
  };
  std::string_view comment;
  std::size_t at = start.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (std::size_t number = 1;; ++number) {
    require(at < start.size(),
            [&] { return "expected a line of names and rows of numbers, got no row in " + where; });
    const std::size_t end = std::min(start.find('\n', at), start.size());
    const std::string_view line = start.substr(at, end - at);
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string_view::npos && line[first] != '#') {
      const bool named = take(line);
      const std::size_t columns = header.names.size();
      header.rows_at = named ? std::min(end + 1, start.size()) : at;
      header.first_row = number + (named ? 1 : 0);
      require(named || (!comment.empty() && take(comment) && header.names.size() == columns), [&] {
        return "expected a first line of names, such as t,q,p, got " + quote(line) + " in " + where;
      });
      require(header.rows_at < start.size(),
              [&] { return "expected rows below the names " + quote(line) + ", got none in " + where; });
      break;
    }
    if (first != std::string_view::npos) {
      comment = line.substr(first);
      comment.remove_prefix(std::min(comment.find_first_not_of("# "), comment.size()));
    }
    at = end + 1;
  }
  for (std::size_t c = 0; c < header.names.size(); ++c)
    for (std::size_t other = 0; other < c; ++other)
      require(header.names[c].empty() || header.names[c] != header.names[other], [&] {
        return "expected each column once, got two " + quote(header.names[c]) + " in " + where;
      });
  return header;
}

}  // namespace metriplex
