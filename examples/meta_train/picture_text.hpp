#pragma once

#include <cmath>
#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/core/text.hpp"

/// How the pictures' scripts and data files are written, and what gnuplot and the shell take as special.
namespace metriplex::driver {

/// Writes text as a string of gnuplot's; within single quotes only the quote itself is special.
inline std::string gnuplot_string(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

/// Quotes a word for the shell.
inline std::string shell_word(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

/// Writes text that came from outside so that gnuplot's markup shows it as it is.
inline std::string plain(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\{}^_@&~").find(c) != std::string_view::npos) escaped += '\\';
    escaped += (c >= 0 && c < ' ') || c == '\x7f' ? '?' : c;
  }
  return escaped;
}

/// Writes a state's name as a symbol: italic, digits at its end as an index.
inline std::string symbol(std::string_view name) {
  const std::size_t letters = name.find_last_not_of("0123456789") + 1;
  std::string text = "{/:Italic " + plain(name.substr(0, letters)) + "}";
  if (letters < name.size()) text += "_{" + std::string(name.substr(letters)) + "}";
  return text;
}

/// Writes a value as gnuplot reads it.
inline std::string script_value(double value) {
  return number_text(value);
}

std::string script_value(std::integral auto value) {
  return std::to_string(value);
}

inline std::string script_value(const std::string& text) {
  return gnuplot_string(text);
}

template <class Value>
std::string script_value(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "[" : ", ") + script_value(value);
  return text + "]";
}

/// Adds a line to a script that gives a variable its value.
template <class Value>
void define(std::string& script, const std::string& name, const Value& value) {
  script += name + " = " + script_value(value) + "\n";
}

template <class Value>
void define(std::string& script, const std::string& name, const std::vector<Value>& values) {
  script += "array " + name + "[" + std::to_string(values.size()) + "] = " + script_value(values) + "\n";
}

/// Adds a line of numbers to a data file.
template <class Values>
void add_row(std::string& table, const Values& values) {
  for (const double value : values) table += (std::isfinite(value) ? number_text(value) : "nan") + " ";
  table.back() = '\n';
}

inline void add_row(std::string& table, std::initializer_list<double> values) {
  add_row<std::initializer_list<double>>(table, values);
}

}  // namespace metriplex::driver
