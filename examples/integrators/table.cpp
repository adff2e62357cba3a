#include "table.hpp"

#include <algorithm>
#include <sstream>

#include "metriplex/core/error.hpp"

namespace metriplex::show {
namespace {

/// Counts characters, not bytes.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) {
    // A type such as Projection<Rk4> would be taken for HTML.
    const bool code = cell.find('<') != std::string::npos && cell.find('>') != std::string::npos;
    row += code ? " `" + cell + "` |" : " " + cell + " |";
  }
  return row + "\n";
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    std::string quoted = cell;
    for (std::size_t at = 0; (at = quoted.find('"', at)) != std::string::npos; at += 2)
      quoted.insert(at, "\"");
    row += (row.empty() ? "\"" : ",\"") + quoted + "\"";
  }
  return row + "\n";
}

}  // namespace

std::string as_text(const Table& table) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : table.header) widths.push_back(width(cell));
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  const auto line = [&](const std::vector<std::string>& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(widths[i] - width(row[i]), ' ');
      text += i == 0 ? row[i] + pad : "  " + pad + row[i];
    }
    return text + "\n";
  };
  std::string text = line(table.header);
  for (const auto& row : table.rows) text += line(row);
  return text;
}

std::string as_markdown(const Table& table) {
  std::string text = markdown_row(table.header) + "|";
  for (std::size_t i = 0; i < table.header.size(); ++i) text += "---|";
  text += "\n";
  for (const auto& row : table.rows) text += markdown_row(row);
  return text;
}

std::string as_csv(const Table& table) {
  std::string text = csv_row(table.header);
  for (const auto& row : table.rows) text += csv_row(row);
  return text;
}

std::string fill_page(const std::string& page, const std::vector<Table>& tables) {
  const std::string begin = "<!-- rows ", end = "<!-- end -->";
  std::istringstream lines(page);
  std::string filled;
  bool skip = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == end) skip = false;
    if (!skip) filled += line + "\n";
    if (!line.starts_with(begin)) continue;
    const std::string name = line.substr(begin.size(), line.find(" -->") - begin.size());
    const auto table =
        std::find_if(tables.begin(), tables.end(), [&](const Table& t) { return t.name == name; });
    require(table != tables.end(),
            [&] { return "expected the name of a table, got '" + name + "' in the page"; });
    filled += as_markdown(*table);
    skip = true;
  }
  return filled;
}

}  // namespace metriplex::show
