#pragma once

#include <string>
#include <vector>

namespace metriplex::show {

/// Rows of text below a header; `name` is that of its file, and of its place in a page.
struct Table {
  std::string name;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// Aligns a table's columns with spaces.
std::string as_text(const Table& table);

/// Writes a table for a page.
std::string as_markdown(const Table& table);

/// Writes a table as comma-separated values, text in quotes.
std::string as_csv(const Table& table);

/// Replaces what stands between `<!-- rows NAME -->` and the next `<!-- end -->` by the table of that name.
///
/// Errors: a name that no table has.
std::string fill_page(const std::string& page, const std::vector<Table>& tables);

}  // namespace metriplex::show
