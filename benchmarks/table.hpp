#pragma once

#include <map>
#include <optional>

#include "row.hpp"

namespace metriplex::bench {

/// A row of the table: what was measured, and one peer, or none.
struct Line {
  std::string name;
  double seconds;
  std::optional<double> fraction_of_peak, bytes;
  std::string peer = "";
  double peer_seconds = 0;

  double ratio() const { return peer_seconds / seconds; }
};

/// Joins rows, peaks and peers; a row with several peers gives a line for each.
std::vector<Line> lines(const Plan& plan, const std::map<std::string, double>& seconds);

void print_table(const std::vector<Line>& lines);

/// Writes one object a line: name, milliseconds, fraction_of_peak, and, where there are any, bytes, peer, ratio.
std::string json(const std::vector<Line>& lines);

/// Writes a time in the unit that suits it.
std::string time_text(double seconds);

/// Writes bytes in the unit that suits them.
std::string bytes_text(double bytes);

}  // namespace metriplex::bench
